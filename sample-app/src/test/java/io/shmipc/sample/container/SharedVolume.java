package io.shmipc.sample.container;

import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import java.util.Map;
import java.util.UUID;

/** Memory that several containers mount as a directory. */
final class SharedVolume implements AutoCloseable {

    private final String name = "shmipc-" + UUID.randomUUID();

    /**
     * Creates it.
     *
     * @param options of tmpfs, such as {@code size=64m,mode=2770,gid=2000}
     */
    SharedVolume(String options) {
        Engine.client()
                .createVolumeCmd()
                .withName(name)
                .withDriver("local")
                .withDriverOpts(Map.of("type", "tmpfs", "device", "tmpfs", "o", options))
                .exec();
    }

    Mount at(String directory) {
        return new Mount().withType(MountType.VOLUME).withSource(name).withTarget(directory);
    }

    @Override
    public void close() {
        Engine.client().removeVolumeCmd(name).exec();
    }
}
