package io.shmipc.sample.lab.process;

import io.shmipc.client.SessionManager;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/** Makes the sessions depend on the server, so that they are closed before it ends, and not lost because it did. */
@Component
@Profile("lab")
final class SessionsEndFirst implements BeanFactoryPostProcessor {

    private static final String SERVER = StringUtils.uncapitalize(ServerSupervisor.class.getSimpleName());

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        for (String name : beanFactory.getBeanNamesForType(SessionManager.class, true, false)) {
            BeanDefinition sessions = beanFactory.getBeanDefinition(name);
            sessions.setDependsOn(StringUtils.addStringToArray(sessions.getDependsOn(), SERVER));
        }
    }
}
