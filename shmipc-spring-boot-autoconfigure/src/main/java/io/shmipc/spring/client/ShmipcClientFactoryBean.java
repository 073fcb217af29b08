package io.shmipc.spring.client;

import io.shmipc.spring.annotation.InvalidDeclarationException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.SmartFactoryBean;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Makes the bean of an interface with {@link ShmipcExchange} methods.
 *
 * @param <T> the interface; code that was generated ahead of time knows it from here
 */
final class ShmipcClientFactoryBean<T> implements SmartFactoryBean<T>, BeanFactoryAware, EnvironmentAware {

    private final Class<T> contract;
    private final String client;
    private @Nullable BeanFactory beanFactory;
    private @Nullable Environment environment;

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
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public T getObject() {
        BeanFactory beans = Objects.requireNonNull(beanFactory);
        EmbeddedValueResolver resolver = new EmbeddedValueResolver((ConfigurableBeanFactory) beans);
        return ShmipcClientProxy.create(contract, operations(beans), value -> {
            String resolved = resolver.resolveStringValue(value);
            return resolved == null ? "" : resolved;
        });
    }

    private ShmipcOperations operations(BeanFactory beans) {
        try {
            return client.isEmpty()
                    ? beans.getBean(ShmipcOperations.class)
                    : BeanFactoryAnnotationUtils.qualifiedBeanOfType(beans, ShmipcOperations.class, client);
        } catch (NoUniqueBeanDefinitionException e) {
            throw e;
        } catch (NoSuchBeanDefinitionException e) {
            ClientSwitch off = ClientSwitch.off(Objects.requireNonNull(environment), client);
            if (off != null) {
                return new SwitchedOffOperations(off);
            }
            throw client.isEmpty() ? e : noSuchClient(e);
        }
    }

    private InvalidDeclarationException noSuchClient(NoSuchBeanDefinitionException cause) {
        return new InvalidDeclarationException(
                "@ImportShmipcClients of " + contract.getName() + " names the client '" + client
                        + "', which does not exist.",
                "Set shmipc.clients." + client + ".address, or declare a ShmipcTemplate with that name as @Qualifier.",
                cause);
    }

    /** Interfaces that cannot work fail the start of the application, not their first call. */
    @Override
    public boolean isEagerInit() {
        return true;
    }

    @Override
    public Class<?> getObjectType() {
        return contract;
    }
}
