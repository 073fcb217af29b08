package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.InvalidConfigException;
import io.shmipc.Monitor;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.SliceSize;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.spring.boot.autoconfigure.CallbackExecutors;
import io.shmipc.spring.boot.autoconfigure.ClientProperties;
import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;
import io.shmipc.spring.boot.autoconfigure.Permissions;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Makes the engine's configuration from properties and customizers. */
final class SessionManagerConfigMapper {

    private final String prefix;
    private final ClientProperties properties;
    private final CallbackExecutors executors;
    private final @Nullable Monitor monitor;

    SessionManagerConfigMapper(
            String prefix, ClientProperties properties, CallbackExecutors executors, @Nullable Monitor monitor) {
        this.prefix = prefix;
        this.properties = properties;
        this.executors = executors;
        this.monitor = monitor;
    }

    SessionManagerConfig map(ShmipcAddress address, Stream<SessionManagerConfigCustomizer> customizers) {
        return InvalidShmipcPropertyException.translate(prefix, () -> {
            ShmipcConfig.Builder session = session();
            SessionManagerConfig.Builder manager = manager(address);
            customizers.forEach(customizer -> customizer.customize(manager, session));
            return manager.config(session.build()).build();
        });
    }

    private SessionManagerConfig.Builder manager(ShmipcAddress address) {
        return SessionManagerConfig.builder(address)
                .connectLazily(!properties.isFailFast())
                .sessions(properties.getSessions())
                .maxPooledStreams(properties.getMaxPooledStreams())
                .streamMaxIdleTime(properties.getStreamMaxIdleTime())
                .rebuildInterval(properties.getRebuildInterval())
                .maxRebuildInterval(properties.getMaxRebuildInterval());
    }

    private ShmipcConfig.Builder session() {
        ShmipcConfig.Builder session = properties
                .toConfig(executors, monitor)
                .memoryType(properties.getMemoryType())
                .pathPrefix(properties.getPathPrefix())
                .fileMode(Permissions.parse("fileMode", properties.getFileMode()))
                .regionBytes(properties.getBufferCapacity().toBytes())
                .queueCapacity(properties.getQueueCapacity());
        List<ClientProperties.SliceSize> sizes = properties.getSliceSizes();
        return sizes.isEmpty()
                ? session
                : session.sliceSizes(IntStream.range(0, sizes.size())
                        .mapToObj(i -> sliceSize(i, sizes.get(i)))
                        .toList());
    }

    private static SliceSize sliceSize(int index, ClientProperties.SliceSize slice) {
        DataSize size = slice.size();
        if (size == null) {
            throw new InvalidConfigException(
                    "sliceSizes[" + index + "].size",
                    "not set",
                    "say how large these slices are",
                    "Set it, 8172B for example");
        }
        long bytes = size.toBytes();
        if (bytes > Integer.MAX_VALUE) {
            throw new InvalidConfigException(
                    "sliceSizes", bytes + " bytes", "be smaller than the region", "Choose a smaller size");
        }
        return new SliceSize((int) bytes, slice.percent());
    }
}
