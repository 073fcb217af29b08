package io.shmipc.spring.client;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.PropertyResolver;

/**
 * The property that switches a client off.
 *
 * @param property its name
 * @param value its value
 */
public record ClientSwitch(String property, String value) {

    private static final String ALL = "shmipc.client.enabled";

    /**
     * Returns what switches a client off, or null if nothing does.
     *
     * @param client its name below {@code shmipc.clients}; empty for the one of {@code shmipc.client}
     */
    public static @Nullable ClientSwitch off(PropertyResolver environment, String client) {
        String own = client.isEmpty() ? ALL : "shmipc.clients." + client + ".enabled";
        return Stream.of(ALL, own)
                .map(property -> of(environment, property))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable ClientSwitch of(PropertyResolver environment, String property) {
        String value = environment.getProperty(property);
        return value == null || value.equalsIgnoreCase("true") ? null : new ClientSwitch(property, value);
    }

    /** Returns what is wrong, as a clause. */
    public String problem() {
        return property + " is " + value;
    }

    /** Returns what to do about it, as a clause. */
    public String remedy() {
        return "Set " + property + "=true where shmipc runs: on Linux on x86-64 or aarch64";
    }
}
