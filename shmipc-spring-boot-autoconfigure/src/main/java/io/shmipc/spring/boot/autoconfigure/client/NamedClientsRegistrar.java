package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.client.SessionManager;
import io.shmipc.spring.boot.autoconfigure.NamedDefaults;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers a {@link SessionManager} for each name below {@code shmipc.clients}.
 *
 * <p>Its name is its qualifier, and it is injected only where it is asked for by that: an unqualified injection point
 * gets the client of {@code shmipc.client}.
 */
final class NamedClientsRegistrar implements ImportBeanDefinitionRegistrar {

    static final String BEAN_NAME_ENDING = "SessionManager";

    private final Environment environment;

    NamedClientsRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        NamedDefaults.clients(environment).forEach((name, client) -> {
            if (client.isEnabled()) {
                NamedDefaults.requireNotReserved(name, "shmipc.clients", "shmipc.client");
                String beanName = name + BEAN_NAME_ENDING;
                if (!registry.containsBeanDefinition(beanName)) {
                    registry.registerBeanDefinition(beanName, definition(name));
                }
            }
        });
    }

    private static RootBeanDefinition definition(String name) {
        RootBeanDefinition definition = new RootBeanDefinition(SessionManager.class);
        definition.setFactoryBeanName("shmipcNamedClients");
        definition.setFactoryMethodName("open");
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
        definition.setDestroyMethodName("close");
        definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
        definition.setDefaultCandidate(false);
        return definition;
    }
}
