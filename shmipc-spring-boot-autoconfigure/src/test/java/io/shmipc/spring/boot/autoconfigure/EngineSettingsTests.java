package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ShmipcConfig;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.server.AccessPolicy;
import io.shmipc.server.ListenerConfig;
import java.beans.PropertyDescriptor;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.BeanUtils;

/** A setting that the engine gains and no property offers makes this fail. */
class EngineSettingsTests {

    /** What a bean is for, what another property says, and what a client without a session manager sets. */
    private static final Set<String> NOT_PROPERTIES = Set.of("monitor", "queuePath", "config", "accessPolicy");

    /** Memory is the client's to choose; where a listener lets it lie is a matter of {@code access.directories}. */
    private static final Set<String> OF_CLIENTS_ONLY =
            Set.of("memoryType", "pathPrefix", "fileMode", "bufferCapacity", "sliceSizes", "queueCapacity");

    private static final List<String> RENAMED_FROM = List.of(
            "regionBytes",
            "callbackExecutor",
            "connectLazily",
            "maxMemoryBytes",
            "writeBufferBytes",
            "unreadFallbackBytes");

    private static final List<String> RENAMED_TO =
            List.of("bufferCapacity", "callbackExecution", "failFast", "maxMemory", "writeBuffer", "unreadFallback");

    @Test
    void everySettingOfAClientIsAProperty() {
        assertThat(properties(ClientProperties.class))
                .containsAll(settings(ShmipcConfig.Builder.class))
                .containsAll(settings(SessionManagerConfig.Builder.class));
    }

    @Test
    void everySettingOfAListenerIsAProperty() {
        assertThat(properties(ServerProperties.class))
                .doesNotContainAnyElementsOf(OF_CLIENTS_ONLY)
                .containsAll(settings(ListenerConfig.Builder.class))
                .containsAll(settings(ShmipcConfig.Builder.class).stream()
                        .filter(setting -> !OF_CLIENTS_ONLY.contains(setting))
                        .toList());
        assertThat(properties(AccessProperties.class)).containsAll(settings(AccessPolicy.Builder.class));
    }

    private static List<String> properties(Class<?> type) {
        return Stream.of(BeanUtils.getPropertyDescriptors(type))
                .map(PropertyDescriptor::getName)
                .toList();
    }

    private static List<String> settings(Class<?> builder) {
        return Arrays.stream(builder.getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 1 && method.getReturnType() == builder)
                .map(Method::getName)
                .filter(name -> !NOT_PROPERTIES.contains(name))
                .map(name -> RENAMED_FROM.contains(name) ? RENAMED_TO.get(RENAMED_FROM.indexOf(name)) : name)
                .toList();
    }
}
