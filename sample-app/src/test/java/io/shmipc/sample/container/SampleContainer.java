package io.shmipc.sample.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * The sample in a container as a careful operator would run it: root file system read-only, no capabilities, a user of
 * its own, no network. The JVM is the container's first process.
 */
final class SampleContainer implements AutoCloseable {

    private static final int EXIT_AFTER_SIGTERM = 143;
    private static final Duration STARTUP = Duration.ofMinutes(2);
    private static final String JAR = "/app/sample-app.jar";
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    private final GenericContainer<?> container;
    private final List<String> jvmOptions =
            new ArrayList<>(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    private final List<String> arguments = new ArrayList<>();
    private final List<Mount> mounts = new ArrayList<>();

    private SampleContainer(String awaitedLog) {
        mount(Engine.sampleJar(), JAR);
        container = new GenericContainer<>(Engine.javaImage())
                .withNetworkMode("none")
                .waitingFor(Wait.forLogMessage(".*" + awaitedLog + ".*", 1).withStartupTimeout(STARTUP));
        host(host -> host.withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withTmpFs(Map.of("/tmp", ""))
                .withMounts(mounts));
    }

    /** A server: ready when it serves. */
    static SampleContainer server() {
        return new SampleContainer("Listener 'server' serves").with("--spring.profiles.active=server");
    }

    /** A client: ready when it answers HTTP, which it does on this machine's loopback interface. */
    static SampleContainer client() {
        SampleContainer client = new SampleContainer("Tomcat started on port")
                .with("--spring.profiles.active=client", "--server.address=127.0.0.1", "--server.port=0");
        client.container.withNetworkMode("host");
        return client;
    }

    /** A sample that cannot start: ready when it has said so. */
    SampleContainer thatFails() {
        container.waitingFor(
                Wait.forLogMessage(".*APPLICATION FAILED TO START.*", 1).withStartupTimeout(STARTUP));
        return this;
    }

    SampleContainer with(String... more) {
        arguments.addAll(Arrays.asList(more));
        return this;
    }

    SampleContainer jvm(String... options) {
        jvmOptions.addAll(Arrays.asList(options));
        return this;
    }

    /** Sets who the JVM is: numeric user and group ids, such as 1001:2000. */
    SampleContainer user(String ids) {
        container.withCreateContainerCmdModifier(command -> command.withUser(ids));
        return this;
    }

    SampleContainer mount(Mount mount) {
        mounts.add(mount);
        return this;
    }

    /** Shows a file or directory of this machine, which cannot be changed through it. */
    SampleContainer mount(Path path, String target) {
        return mount(new Mount()
                .withType(MountType.BIND)
                .withSource(path.toAbsolutePath().toString())
                .withTarget(target)
                .withReadOnly(true));
    }

    SampleContainer host(Consumer<HostConfig> change) {
        container.withCreateContainerCmdModifier(command -> change.accept(command.getHostConfig()));
        return this;
    }

    SampleContainer start() {
        List<String> command = new ArrayList<>(List.of("java"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", JAR));
        command.addAll(arguments);
        container.withCommand(command.toArray(String[]::new));
        container.start();
        return this;
    }

    String log() {
        return container.getLogs();
    }

    /** Returns the output of a command in the container. */
    String run(String... command) {
        try {
            ExecResult result = container.execInContainer(command);
            assertThat(result.getExitCode()).as(result.toString()).isZero();
            return result.getStdout();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns the HTTP side of a client. */
    HttpFront front() {
        Matcher matcher = PORT.matcher(log());
        assertThat(matcher.find()).as(this::log).isTrue();
        return new HttpFront(Integer.parseInt(matcher.group(1)));
    }

    void kill() {
        Engine.client().killContainerCmd(container.getContainerId()).exec();
    }

    void pause() {
        Engine.client().pauseContainerCmd(container.getContainerId()).exec();
    }

    void unpause() {
        Engine.client().unpauseContainerCmd(container.getContainerId()).exec();
    }

    /** Asks the JVM to end and waits until it has, in order. */
    void terminate() {
        Engine.client()
                .killContainerCmd(container.getContainerId())
                .withSignal("SIGTERM")
                .exec();
        assertThat(awaitExit()).as(this::log).isEqualTo(EXIT_AFTER_SIGTERM);
    }

    long awaitExit() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(this::state, state -> !Boolean.TRUE.equals(state.getRunning()))
                .getExitCodeLong();
    }

    private ContainerState state() {
        return Engine.client()
                .inspectContainerCmd(container.getContainerId())
                .exec()
                .getState();
    }

    @Override
    public void close() {
        container.close();
    }
}
