package io.shmipc.sample.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/** The pod that users copy: its sums, and its containers with its settings, as far as one gets without a cluster. */
@RequiresDocker
@Timeout(300)
class PodIT {

    private static final int PORT = 8080;
    private static final long THREADS_BYTES = 50L * (256 << 10);
    private static final long QUEUES_BYTES = 1 << 20;

    private final Pod pod;
    private final Network network = Network.newNetwork();
    private final Map<String, SharedVolume> volumes = new HashMap<>();
    private final List<GenericContainer<?>> started = new ArrayList<>();

    PodIT() throws Exception {
        pod = Pod.read(Path.of("..", "deploy", "pod.yaml"));
    }

    @AfterEach
    void removeAll() {
        for (int i = started.size() - 1; i >= 0; i--) {
            started.get(i).close();
        }
        volumes.values().forEach(SharedVolume::close);
        network.close();
    }

    @Test
    void theLimitOfEachContainerHoldsAllThatItMayTakeAndATenthMore() {
        assertThat(pod.containers()).hasSize(2).allSatisfy(container -> {
            long jvm = container.option("-Xmx")
                    + container.option("-XX:MaxMetaspaceSize=")
                    + container.option("-XX:ReservedCodeCacheSize=")
                    + container.option("-XX:MaxDirectMemorySize=")
                    + THREADS_BYTES;
            long memory = container.mounts().keySet().stream()
                    .map(pod.volumes()::get)
                    .filter(volume -> volume.inMemory() && isChargedTo(container, volume))
                    .mapToLong(Pod.Volume::bytes)
                    .sum();
            assertThat(container.memoryBytes()).as(container.name()).isGreaterThanOrEqualTo((jvm + memory) * 11 / 10);
        });
    }

    @Test
    void theSharedVolumeHoldsANewSessionBesideALostOne() {
        Map<String, String> client = pod.containers().get(1).environment();
        long session = Pod.bytes(client.get("SHMIPC_CLIENT_BUFFERCAPACITY")) + QUEUES_BYTES;
        assertThat(pod.volumes().get("greetings").bytes()).isGreaterThanOrEqualTo(2 * session);
    }

    @Test
    void theContainersMeetWithExactlyThePodsSettings() throws Exception {
        pod.volumes().values().forEach(volume -> volumes.put(volume.name(), emptyDirectory(volume)));
        GenericContainer<?> sandbox = sandbox();
        Pod.Container server = pod.containers().get(0);
        Pod.Container client = pod.containers().get(1);
        String probe =
                String.join(" ", Pod.strings(Pod.map(server.probe(), "exec").get("command")));
        run(server, sandbox).waitingFor(Wait.forSuccessfulCommand(probe)).start();
        run(client, sandbox).start();

        HttpFront front = new HttpFront(sandbox.getMappedPort(PORT));
        front.await(this::logs);

        Map<String, Object> readiness = Pod.map(client.probe(), "httpGet");
        assertThat(readiness).containsEntry("port", PORT);
        assertThat(front.get(readiness.get("path").toString()).statusCode()).isEqualTo(200);
        assertThat(started).allMatch(GenericContainer::isRunning);
    }

    /** A page counts for the container that touched it first, and a client reserves its memory at once. */
    private static boolean isChargedTo(Pod.Container container, Pod.Volume volume) {
        return !volume.name().equals("greetings") || container.name().equals("client");
    }

    /** Kubelet's way: everybody may write, and files belong to the pod's group. It is memory here in either case. */
    private SharedVolume emptyDirectory(Pod.Volume volume) {
        return new SharedVolume("size=" + volume.bytes() + ",mode=2777,gid=" + pod.fsGroup());
    }

    /** What holds the network and the /dev/shm of a pod. */
    private GenericContainer<?> sandbox() {
        GenericContainer<?> sandbox = new GenericContainer<>(Engine.javaImage())
                .withNetwork(network)
                .withExposedPorts(PORT)
                .withCommand("sleep", "infinity")
                .waitingFor(Wait.forSuccessfulCommand("true"))
                .withCreateContainerCmdModifier(
                        command -> command.getHostConfig().withIpcMode("shareable"));
        started.add(sandbox);
        sandbox.start();
        return sandbox;
    }

    private GenericContainer<?> run(Pod.Container container, GenericContainer<?> sandbox) {
        List<Mount> mounts = new ArrayList<>();
        container.mounts().forEach((name, path) -> mounts.add(volumes.get(name).at(path)));
        mounts.add(new Mount()
                .withType(MountType.BIND)
                .withSource(Engine.sampleJar().toAbsolutePath().toString())
                .withTarget(container.command().get(container.command().size() - 1))
                .withReadOnly(true));
        String joined = "container:" + sandbox.getContainerId();
        GenericContainer<?> made = new GenericContainer<>(Engine.javaImage())
                .withNetworkMode(joined)
                .withEnv(container.environment())
                .withCommand(container.command().toArray(String[]::new))
                .withCreateContainerCmdModifier(command -> {
                    command.withUser(container.user() + ":" + pod.group());
                    HostConfig host = command.getHostConfig();
                    host.withIpcMode(joined)
                            .withGroupAdd(List.of("" + pod.fsGroup()))
                            .withReadonlyRootfs(true)
                            .withCapDrop(Capability.ALL)
                            .withSecurityOpts(List.of("no-new-privileges"))
                            .withMemory(container.memoryBytes())
                            .withMemorySwap(container.memoryBytes())
                            .withMounts(mounts);
                });
        started.add(made);
        return made;
    }

    private String logs() {
        StringBuilder logs = new StringBuilder();
        started.forEach(container -> logs.append(container.getLogs()).append('\n'));
        return logs.toString();
    }
}
