package io.shmipc.spring.boot.autoconfigure.server;

import io.shmipc.Monitor;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.server.AccessPolicy;
import io.shmipc.server.ListenerConfig;
import io.shmipc.spring.boot.autoconfigure.AccessProperties;
import io.shmipc.spring.boot.autoconfigure.CallbackExecutors;
import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;
import io.shmipc.spring.boot.autoconfigure.Permissions;
import io.shmipc.spring.boot.autoconfigure.ServerProperties;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the engine's configuration from properties and customizers. */
final class ListenerConfigMapper {

    private final String prefix;
    private final ServerProperties properties;
    private final CallbackExecutors executors;
    private final @Nullable Monitor monitor;

    ListenerConfigMapper(
            String prefix, ServerProperties properties, CallbackExecutors executors, @Nullable Monitor monitor) {
        this.prefix = prefix;
        this.properties = properties;
        this.executors = executors;
        this.monitor = monitor;
    }

    ListenerConfig map(String address, Stream<ListenerConfigCustomizer> customizers) {
        return InvalidShmipcPropertyException.translate(prefix, () -> {
            ShmipcConfig.Builder session = properties.toConfig(executors, monitor);
            ListenerConfig.Builder listener = listener(ShmipcAddress.parse(address));
            customizers.forEach(customizer -> customizer.customize(listener, session));
            return listener.config(session.build()).build();
        });
    }

    private ListenerConfig.Builder listener(ShmipcAddress address) {
        return ListenerConfig.builder(address)
                .backlog(properties.getBacklog())
                .maxSessions(properties.getMaxSessions())
                .maxStreamsPerSession(properties.getMaxStreamsPerSession())
                .maxHandshakes(properties.getMaxHandshakes())
                .takeOver(properties.isTakeOver())
                .socketMode(Permissions.parse("socketMode", properties.getSocketMode()))
                .accessPolicy(accessPolicy(properties.getAccess()));
    }

    private static AccessPolicy accessPolicy(AccessProperties access) {
        return AccessPolicy.builder()
                .userIds(access.getUserIds().isEmpty() ? null : Set.copyOf(access.getUserIds()))
                .groupIds(Set.copyOf(access.getGroupIds()))
                .directories(access.getDirectories().stream().map(Path::of).collect(Collectors.toUnmodifiableSet()))
                .maxMemoryBytes(access.getMaxMemory().toBytes())
                .requireSeals(access.isRequireSeals())
                .build();
    }
}
