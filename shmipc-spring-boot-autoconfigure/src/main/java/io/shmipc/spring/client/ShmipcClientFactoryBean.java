package io.shmipc.spring.client;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.SmartFactoryBean;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;

/** Makes the bean of an interface with {@link ShmipcExchange} methods. */
final class ShmipcClientFactoryBean<T> implements SmartFactoryBean<T>, BeanFactoryAware {

    private final Class<T> contract;
    private final String client;
    private @Nullable BeanFactory beanFactory;

    /**
     * @param contract the interface
     * @param client qualifier or name of the template, or of its session manager; empty for the only or primary one
     */
    ShmipcClientFactoryBean(Class<T> contract, String client) {
        this.contract = contract;
        this.client = client;
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        this.beanFactory = beanFactory;
    }

    @Override
    public T getObject() {
        BeanFactory beans = Objects.requireNonNull(beanFactory);
        ShmipcOperations operations = client.isEmpty()
                ? beans.getBean(ShmipcOperations.class)
                : BeanFactoryAnnotationUtils.qualifiedBeanOfType(beans, ShmipcOperations.class, client);
        EmbeddedValueResolver resolver = new EmbeddedValueResolver((ConfigurableBeanFactory) beans);
        return ShmipcClientProxy.create(contract, operations, value -> {
            String resolved = resolver.resolveStringValue(value);
            return resolved == null ? "" : resolved;
        });
    }

    /** Interfaces that cannot work fail the start of the application, not their first call. */
    @Override
    public boolean isEagerInit() {
        return true;
    }

    @Override
    public Class<T> getObjectType() {
        return contract;
    }
}
