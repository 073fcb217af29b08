package io.shmipc.spring.boot.autoconfigure.diagnostics;

import io.shmipc.client.SessionManager;
import io.shmipc.spring.client.ClientSwitch;
import io.shmipc.spring.client.ShmipcOperations;
import io.shmipc.spring.client.ShmipcTemplate;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.env.Environment;

/** Explains a client that is wanted and does not exist: no property says where its server is, or one switches it off. */
final class NoClientFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException>
        implements Ordered {

    private static final Set<Class<?>> CLIENTS =
            Set.of(SessionManager.class, ShmipcOperations.class, ShmipcTemplate.class);

    private final Environment environment;

    NoClientFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    /** Before Spring Boot's own, which explains beans of any type. */
    @Override
    public int getOrder() {
        return 0;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(
            Throwable rootFailure, NoSuchBeanDefinitionException cause, @Nullable String description) {
        ResolvableType type = cause.getResolvableType();
        if (type == null || !CLIENTS.contains(type.toClass()) || cause instanceof NoUniqueBeanDefinitionException) {
            return null;
        }
        String wanted = (description == null ? "The application" : description) + " needs a shmipc client, but ";
        String client = client(rootFailure, cause);
        ClientSwitch off = ClientSwitch.off(environment, client);
        if (off != null) {
            return new FailureAnalysis(
                    wanted + off.problem() + ".",
                    off.remedy() + ". To start elsewhere, too, inject an ObjectProvider, or an interface of "
                            + "@ImportShmipcClients, whose calls are refused while the client is switched off.",
                    cause);
        }
        String address = (client.isEmpty() ? "shmipc.client" : "shmipc.clients." + client) + ".address";
        return environment.containsProperty(address)
                ? null
                : new FailureAnalysis(
                        wanted + address + " is not set.",
                        "Set it to the server's address, such as unix:/run/app/shmipc.sock, or declare a bean of type "
                                + "ShmipcConnectionDetails. A client below shmipc.clients is injected with its name as "
                                + "@Qualifier.",
                        cause);
    }

    /** Returns the qualifier of the injection point that found nothing; empty if there is none. */
    private static String client(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
        for (Throwable failure = rootFailure; failure != null; failure = failure.getCause()) {
            InjectionPoint point = failure instanceof UnsatisfiedDependencyException e ? e.getInjectionPoint() : null;
            if (point != null && failure.getCause() == cause) {
                return MergedAnnotations.from(point.getAnnotations())
                        .get(Qualifier.class)
                        .getValue(MergedAnnotation.VALUE, String.class)
                        .orElse("");
            }
        }
        return "";
    }
}
