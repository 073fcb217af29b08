package io.shmipc.spring.boot.autoconfigure.diagnostics;

import io.shmipc.spring.boot.autoconfigure.Contexts;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/** Looks at failures as Spring Boot does: the first analyzer of all that are registered wins. */
final class Analyses {

    /** Some analyzers of Spring Boot need libraries that are not here. */
    private static final FailureHandler LEAVE_OUT = (type, implementation, failure) -> {};

    private final StandardEnvironment environment = new StandardEnvironment();

    /** Sets a property of the environment that analyzers look into. */
    void property(String name, String value, String place) {
        Origin origin = new Origin() {
            @Override
            public String toString() {
                return place;
            }
        };
        environment
                .getPropertySources()
                .addFirst(
                        new OriginTrackedMapPropertySource("test", Map.of(name, OriginTrackedValue.of(value, origin))));
        ConfigurationPropertySources.attach(environment);
    }

    /** Returns what is said when a context with everything does not start. */
    FailureAnalysis ofStart(String... properties) {
        return ofStart(Contexts.everything(), properties);
    }

    /** Returns what is said when that context does not start. */
    FailureAnalysis ofStart(ApplicationContextRunner runner, String... properties) {
        Throwable[] failure = new Throwable[1];
        runner.withPropertyValues(properties).run(context -> failure[0] = context.getStartupFailure());
        return of(Objects.requireNonNull(failure[0], "start-up did not fail"));
    }

    /** Returns what is said about a failure. */
    FailureAnalysis of(Throwable failure) {
        Throwable asBootSeesIt = new BeanCreationException("someBean", "Factory method failed", failure);
        ArgumentResolver arguments = ArgumentResolver.of(BeanFactory.class, new DefaultListableBeanFactory())
                .and(Environment.class, environment);
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, arguments, LEAVE_OUT)
                .stream()
                .map(analyzer -> analyzer.analyze(asBootSeesIt))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody explains", failure));
    }
}
