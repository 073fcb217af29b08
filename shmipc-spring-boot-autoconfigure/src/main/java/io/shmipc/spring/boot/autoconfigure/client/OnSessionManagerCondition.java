package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.client.SessionManager;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Looks for beans of type {@link SessionManager} without making them. */
final class OnSessionManagerCondition extends SpringBootCondition implements ConfigurationCondition {

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnSessionManager.class);
        ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
        String[] names = beanFactory == null
                ? new String[0]
                : beanFactory.getBeanNamesForType(SessionManager.class, true, false);
        return names.length == 0
                ? ConditionOutcome.noMatch(
                        message.didNotFind("any session manager").atAll())
                : ConditionOutcome.match(
                        message.found("session manager", "session managers").items((Object[]) names));
    }
}
