package io.shmipc.spring.client;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/** Registers one bean for each interface that {@link ImportShmipcClients} names or finds. */
final class ShmipcClientRegistrar implements ImportBeanDefinitionRegistrar {

    private final Environment environment;
    private final ResourceLoader resourceLoader;

    ShmipcClientRegistrar(Environment environment, ResourceLoader resourceLoader) {
        this.environment = environment;
        this.resourceLoader = resourceLoader;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        Set<AnnotationAttributes> imports = importing.getMergedRepeatableAnnotationAttributes(
                ImportShmipcClients.class, ImportShmipcClients.Container.class, false);
        for (AnnotationAttributes attributes : imports) {
            String client = environment.resolveRequiredPlaceholders(attributes.getString("client"));
            for (String type : types(attributes)) {
                register(registry, type, client);
            }
        }
    }

    private void register(BeanDefinitionRegistry registry, String type, String client) {
        String beanName = client.isEmpty() ? type : client + "#" + type;
        if (registry.containsBeanDefinition(beanName)) {
            return;
        }
        Class<?> contract = ClassUtils.resolveClassName(type, resourceLoader.getClassLoader());
        RootBeanDefinition definition = new RootBeanDefinition(ShmipcClientFactoryBean.class);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, contract);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(1, client);
        // Unlike an attribute, this is kept ahead of time.
        definition.setTargetType(ResolvableType.forClassWithGenerics(ShmipcClientFactoryBean.class, contract));
        if (!client.isEmpty()) {
            definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, client));
        }
        registry.registerBeanDefinition(beanName, definition);
    }

    private Set<String> types(AnnotationAttributes attributes) {
        Set<String> types = new LinkedHashSet<>();
        for (Class<?> type : attributes.getClassArray("types")) {
            types.add(type.getName());
        }
        Set<String> packages = new LinkedHashSet<>(Arrays.asList(attributes.getStringArray("basePackages")));
        for (Class<?> type : attributes.getClassArray("basePackageClasses")) {
            packages.add(type.getPackageName());
        }
        Scanner scanner = new Scanner();
        for (String basePackage : packages) {
            for (BeanDefinition found : scanner.findCandidateComponents(basePackage)) {
                types.add(String.valueOf(found.getBeanClassName()));
            }
        }
        return types;
    }

    /** Finds interfaces that carry the annotation themselves or on a method. */
    private final class Scanner extends ClassPathScanningCandidateComponentProvider {

        Scanner() {
            super(false, environment);
            setResourceLoader(resourceLoader);
            addIncludeFilter(new AnnotationTypeFilter(ShmipcExchange.class, true, true) {
                @Override
                protected boolean matchSelf(MetadataReader reader) {
                    return reader.getAnnotationMetadata().isAnnotated(ShmipcExchange.class.getName())
                            || reader.getAnnotationMetadata().hasAnnotatedMethods(ShmipcExchange.class.getName());
                }
            });
        }

        @Override
        protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
            AnnotationMetadata metadata = definition.getMetadata();
            return metadata.isIndependent() && metadata.isInterface() && !metadata.isAnnotation();
        }
    }
}
