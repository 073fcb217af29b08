package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.client.SessionManager;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.ListableBeanFactory;

/** Knows the session managers of a context by the names that people gave them. */
public final class ClientNames {

    private ClientNames() {}

    /** Returns all session managers, named, unnamed and the application's own, by name. */
    public static Map<String, SessionManager> all(ListableBeanFactory beanFactory) {
        Map<String, SessionManager> byName = new LinkedHashMap<>();
        beanFactory
                .getBeansOfType(SessionManager.class)
                .forEach((beanName, manager) -> byName.put(withoutEnding(beanName), manager));
        return byName;
    }

    /** Returns the name of the client whose session manager is the bean of that name. */
    public static String withoutEnding(String beanName) {
        String ending = NamedClientsRegistrar.BEAN_NAME_ENDING;
        return beanName.endsWith(ending) && beanName.length() > ending.length()
                ? beanName.substring(0, beanName.length() - ending.length())
                : beanName;
    }
}
