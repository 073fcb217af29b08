package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.InvalidConfigException;
import io.shmipc.ShmipcAddress;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.boot.autoconfigure.ClientProperties;
import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;
import io.shmipc.spring.boot.autoconfigure.ShmipcProperties;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;

/** Opens the session managers of {@code shmipc.clients}; the registrar's beans call it. */
final class NamedClients {

    private final ListableBeanFactory beanFactory;
    private final ShmipcProperties properties;
    private final SessionManagerConfigFactory configs;

    NamedClients(ListableBeanFactory beanFactory, ShmipcProperties properties, SessionManagerConfigFactory configs) {
        this.beanFactory = beanFactory;
        this.properties = properties;
        this.configs = configs;
    }

    SessionManager open(String name) {
        String prefix = prefix(name);
        ClientProperties client = Objects.requireNonNull(properties.getClients().get(name), prefix);
        return SessionManager.open(configs.make(name, prefix, client, address(name, prefix, client.getAddress())));
    }

    static String prefix(String name) {
        return "shmipc.clients." + name;
    }

    private ShmipcAddress address(String name, String prefix, @Nullable String address) {
        for (String bean : beanFactory.getBeanNamesForType(ShmipcConnectionDetails.class)) {
            if (BeanFactoryAnnotationUtils.isQualifierMatch(name::equals, bean, beanFactory)) {
                return beanFactory.getBean(bean, ShmipcConnectionDetails.class).getAddress();
            }
        }
        if (address == null) {
            return InvalidShmipcPropertyException.translate(prefix, () -> {
                throw new InvalidConfigException(
                        "address",
                        "not set",
                        "say where the server is",
                        "Set it, or declare ShmipcConnectionDetails with the qualifier '" + name + "'");
            });
        }
        return new PropertiesShmipcConnectionDetails(prefix, address).getAddress();
    }
}
