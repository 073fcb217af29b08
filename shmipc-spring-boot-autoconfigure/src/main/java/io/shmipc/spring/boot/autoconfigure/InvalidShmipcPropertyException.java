package io.shmipc.spring.boot.autoconfigure;

import io.shmipc.InvalidConfigException;
import java.io.Serial;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A property has a value that the engine refuses; names the property as it is written in the application's
 * configuration.
 */
public final class InvalidShmipcPropertyException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Settings whose property is not simply the setting's name with hyphens. */
    private static final Map<String, String> PROPERTY_NAMES = Map.of(
            "regionBytes",
            "buffer-capacity",
            "maxMemoryBytes",
            "access.max-memory",
            "directories",
            "access.directories",
            "writeBufferBytes",
            "write-buffer",
            "unreadFallbackBytes",
            "unread-fallback");

    private final String property;
    private final String problem;
    private final String remedy;

    private InvalidShmipcPropertyException(String property, InvalidConfigException cause) {
        super(property + withoutPropertyName(cause), cause);
        this.property = property;
        this.problem = property + withoutRemedy(withoutPropertyName(cause), cause.remedy());
        this.remedy = cause.remedy() + ".";
    }

    /**
     * Runs work that makes a part of the engine's configuration from properties.
     *
     * @param prefix what the names of these properties begin with, such as {@code shmipc.client}
     * @throws InvalidShmipcPropertyException if the engine refuses a value
     */
    public static <T> T translate(String prefix, Supplier<T> work) {
        try {
            return work.get();
        } catch (InvalidConfigException e) {
            throw new InvalidShmipcPropertyException(prefix + "." + propertyName(e.property()), e);
        }
    }

    /** Returns the property's full name. */
    public String property() {
        return property;
    }

    /** Returns what is wrong: the property, its value and the rule. */
    public String problem() {
        return problem;
    }

    /** Returns what to do about it. */
    public String remedy() {
        return remedy;
    }

    private static String propertyName(String setting) {
        String hyphenated = setting.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return PROPERTY_NAMES.getOrDefault(setting, hyphenated);
    }

    private static String withoutPropertyName(InvalidConfigException refusal) {
        return String.valueOf(refusal.getMessage()).substring(refusal.property().length());
    }

    private static String withoutRemedy(String message, String remedy) {
        String ending = " " + remedy + ".";
        return message.endsWith(ending) ? message.substring(0, message.length() - ending.length()) : message;
    }
}
