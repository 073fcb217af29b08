package io.shmipc.spring.boot.autoconfigure.server;

import io.shmipc.spring.boot.autoconfigure.NamedDefaults;
import io.shmipc.spring.listener.ListenerDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Registers a {@link ListenerDefinition} for each name below {@code shmipc.listeners}. */
final class NamedListenersRegistrar implements ImportBeanDefinitionRegistrar {

    private static final String BEAN_NAME_ENDING = "ListenerDefinition";

    private final Environment environment;

    NamedListenersRegistrar(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        NamedDefaults.listeners(environment).forEach((name, listener) -> {
            if (listener.isEnabled()) {
                NamedDefaults.requireNotReserved(name, "shmipc.listeners", "shmipc.server");
                String beanName = name + BEAN_NAME_ENDING;
                if (!registry.containsBeanDefinition(beanName)) {
                    registry.registerBeanDefinition(beanName, definition(name));
                }
            }
        });
    }

    private static RootBeanDefinition definition(String name) {
        RootBeanDefinition definition = new RootBeanDefinition(ListenerDefinition.class);
        definition.setFactoryBeanName("shmipcListenerConfigFactory");
        definition.setFactoryMethodName("define");
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
        return definition;
    }
}
