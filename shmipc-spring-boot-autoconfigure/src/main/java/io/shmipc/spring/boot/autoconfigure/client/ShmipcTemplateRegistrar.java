package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.client.SessionManager;
import io.shmipc.spring.client.ShmipcOperations;
import io.shmipc.spring.client.ShmipcTemplate;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Registers a template beside each session manager, with the same qualifiers: whoever gets the one gets the other.
 *
 * <p>The template of {@code shmipcSessionManager} is {@code shmipcTemplate}, that of {@code ordersSessionManager} is
 * {@code ordersShmipcTemplate}. Where a session manager has no qualifier, its bean name is the template's. A bean of
 * that name, or for a single session manager any of that type, takes the template's place.
 */
final class ShmipcTemplateRegistrar implements BeanDefinitionRegistryPostProcessor {

    private static final String SINGLE_TEMPLATE = "shmipcTemplate";
    private static final String TEMPLATE_ENDING = "ShmipcTemplate";
    private static final String FACTORY = "shmipcTemplateFactory";

    /** After the processors that register the session managers: those without an order come last. */
    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        if (!(registry instanceof ConfigurableListableBeanFactory beans)) {
            return;
        }
        String[] managers = beans.getBeanNamesForType(SessionManager.class, true, false);
        boolean taken = beans.getBeanNamesForType(ShmipcOperations.class, true, false).length > 0;
        for (String manager : managers) {
            String template = templateName(manager);
            if (!registry.containsBeanDefinition(template) && !(managers.length == 1 && taken)) {
                registry.registerBeanDefinition(template, definition(manager, beans));
            }
        }
    }

    private static String templateName(String manager) {
        String client = ClientNames.withoutEnding(manager);
        return isSingle(client) ? SINGLE_TEMPLATE : client + TEMPLATE_ENDING;
    }

    private static boolean isSingle(String client) {
        return client.equals(ShmipcConnectionDetails.DEFAULT_CLIENT);
    }

    private static RootBeanDefinition definition(String manager, ConfigurableListableBeanFactory beans) {
        String client = ClientNames.withoutEnding(manager);
        RootBeanDefinition template = new RootBeanDefinition(ShmipcTemplate.class);
        template.setFactoryBeanName(FACTORY);
        template.setFactoryMethodName("create");
        template.getConstructorArgumentValues().addIndexedArgumentValue(0, client);
        template.getConstructorArgumentValues().addIndexedArgumentValue(1, new RuntimeBeanReference(manager));
        String qualifier = qualifier(manager, beans);
        if (!qualifier.isEmpty()) {
            template.addQualifier(new AutowireCandidateQualifier(Qualifier.class, qualifier));
        }
        if (beans.containsBeanDefinition(manager)) {
            follow(template, beans.getBeanDefinition(manager));
        }
        return template;
    }

    /** Returns what the annotation on the bean's method or class says, else its name; nothing for the single client's. */
    private static String qualifier(String manager, ConfigurableListableBeanFactory beans) {
        Qualifier declared = beans.findAnnotationOnBean(manager, Qualifier.class, false);
        if (declared != null && !declared.value().isEmpty()) {
            return declared.value();
        }
        return isSingle(ClientNames.withoutEnding(manager)) ? "" : manager;
    }

    private static void follow(RootBeanDefinition template, BeanDefinition manager) {
        template.setPrimary(manager.isPrimary());
        template.setFallback(manager.isFallback());
        template.setAutowireCandidate(manager.isAutowireCandidate());
        if (manager instanceof AbstractBeanDefinition definition) {
            template.setDefaultCandidate(definition.isDefaultCandidate());
            template.copyQualifiersFrom(definition);
        }
    }
}
