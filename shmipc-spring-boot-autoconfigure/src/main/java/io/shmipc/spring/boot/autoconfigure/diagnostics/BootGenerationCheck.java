package io.shmipc.spring.boot.autoconfigure.diagnostics;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Refuses to start with a Spring Boot older than 4.1, before anything fails for want of a class or method.
 *
 * <p>It uses only what every generation since 2 has.
 */
final class BootGenerationCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final int MAJOR = 4;
    private static final int MINOR = 1;

    private final @Nullable String version;

    BootGenerationCheck() {
        this(SpringBootVersion.getVersion());
    }

    /**
     * @param version the version that runs; null if it does not tell
     */
    BootGenerationCheck(@Nullable String version) {
        this.version = version;
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        if (version != null && isTooOld(version)) {
            throw new WrongBootGenerationException(version);
        }
    }

    private static boolean isTooOld(String version) {
        String[] parts = version.split("[.-]", -1);
        try {
            int major = Integer.parseInt(parts[0]);
            int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
            return major < MAJOR || (major == MAJOR && minor < MINOR);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
