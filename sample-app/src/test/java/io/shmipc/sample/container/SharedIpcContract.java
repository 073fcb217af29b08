package io.shmipc.sample.container;

import io.shmipc.MemoryType;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;

/**
 * Containers that share the /dev/shm of a third one, which does nothing else, as the containers of a pod do. It has the
 * 64 MB that Docker gives unasked. JNA unpacks its library into a small directory that allows execution.
 */
abstract class SharedIpcContract extends TwoContainersContract {

    private GenericContainer<?> owner;

    SharedIpcContract(MemoryType memoryType) {
        super(memoryType);
    }

    @Override
    String directory() {
        return "/dev/shm";
    }

    @Override
    void prepare() {
        owner = new GenericContainer<>(Engine.javaImage())
                .withNetworkMode("none")
                .withCommand("sleep", "infinity")
                .withCreateContainerCmdModifier(
                        command -> command.getHostConfig().withIpcMode("shareable"));
        owner.start();
    }

    @Override
    SampleContainer place(SampleContainer container) {
        return container
                .host(host -> host.withIpcMode("container:" + owner.getContainerId())
                        .withTmpFs(Map.of("/tmp", "", "/jna", "exec,size=1m")))
                .jvm("-Djna.tmpdir=/jna");
    }

    @Override
    SampleContainer identify(SampleContainer container, int user) {
        return container.user(user + ":" + GROUP);
    }

    @Override
    void cleanUp() {
        owner.close();
    }
}
