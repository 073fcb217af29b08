package io.shmipc.spring.boot.autoconfigure.diagnostics;

import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/** Explains a refused property: its name, value and rule, where it was set, and the remedy. */
final class InvalidPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidShmipcPropertyException> {

    private final Environment environment;

    InvalidPropertyFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidShmipcPropertyException cause) {
        Origin origin = origin(cause.property());
        String description = origin == null
                ? cause.problem()
                : cause.problem() + System.lineSeparator() + "It is set in " + origin + ".";
        return new FailureAnalysis(description, cause.remedy(), cause);
    }

    /** Returns where the property was set, or its default for all names; null if it was not set by a property. */
    private @Nullable Origin origin(String property) {
        Origin own = originOf(property);
        return own != null
                ? own
                : originOf(property.replaceFirst("^shmipc\\.clients\\.[^.]+", "shmipc.client")
                        .replaceFirst("^shmipc\\.listeners\\.[^.]+", "shmipc.server"));
    }

    /** Returns where the property was set, or the first entry of a list. */
    private @Nullable Origin originOf(String property) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty found = Stream.of("", "[0]", "[0].percent", "[0].size")
                    .map(property::concat)
                    .map(ConfigurationPropertyName::ofIfValid)
                    .filter(Objects::nonNull)
                    .map(source::getConfigurationProperty)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
            if (found != null) {
                return found.getOrigin();
            }
        }
        return null;
    }
}
