package io.shmipc.spring.boot.test.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcConnectionDetails;
import io.shmipc.spring.client.ShmipcOperations;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** An application here calls one in a container, and knows nothing but the container. */
@Tag("containers")
@Timeout(300)
class ServiceConnectionIT {

    private static final String REQUIRED = "SHMIPC_REQUIRE_CONTAINERS";
    private static final String IMAGE = System.getProperty(
            "container.java.image", "shmipc-java:" + Runtime.version().feature());

    @TempDir
    static Path directory;

    @BeforeAll
    static void aDockerEngineAndAnImage() {
        boolean required = "true".equals(System.getenv(REQUIRED));
        assumeTrue(
                required || DockerClientFactory.instance().isDockerAvailable(),
                "No Docker engine answers; " + REQUIRED + "=true makes this a failure.");
        assumeTrue(
                required || isHere(IMAGE),
                "There is no image " + IMAGE + "; make it with scripts/build-java-image.sh, or name one with "
                        + "-Dcontainer.java.image; " + REQUIRED + "=true makes this a failure.");
    }

    @Test
    void theContainersSocketIsFoundThroughItsMount() {
        try (ConfigurableApplicationContext client = run(Client.class)) {
            ShmipcOperations shmipc = client.getBean(ShmipcOperations.class);

            assertThat(client.getBean(ShmipcConnectionDetails.class).getAddress())
                    .hasToString("unix:" + directory.resolve("where.sock"));
            // In a namespace of its own every first process has the number 1.
            assertThat(shmipc.convertSendAndReceive("where", "here", String.class))
                    .isEqualTo("here in process 1");
        }
    }

    @Test
    void aContainerThatSharesNoDirectoryOrTellsNoAddressIsRefusedWithTheRemedy() {
        try (GenericContainer<?> apart = container().withEnv("SHMIPC_SERVER_ADDRESS", "unix:/elsewhere/s.sock")) {
            apart.start();
            assertRefused(apart, "/elsewhere/s.sock, which lies in no directory of this machine", "to /elsewhere");
        }
        try (GenericContainer<?> mute = container()) {
            mute.start();
            assertRefused(mute, "does not say where it listens", "SHMIPC_SERVER_ADDRESS", "io.shmipc.address");
        }
        try (GenericContainer<?> network = container().withLabel("io.shmipc.address", "tcp:127.0.0.1:7070")) {
            network.start();
            assertRefused(network, "listens on tcp:127.0.0.1:7070", "Let it listen on a path");
        }
    }

    private static void assertRefused(GenericContainer<?> container, String... words) {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> SharedSocket.of(container.getContainerInfo()))
                .withMessageContainingAll(words);
    }

    private static ConfigurableApplicationContext run(Class<?> application) {
        return new SpringApplicationBuilder(application)
                .run("--spring.config.name=none", "--shmipc.client.max-rebuild-interval=100ms");
    }

    private static boolean isHere(String image) {
        try {
            DockerClientFactory.instance().client().inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private static GenericContainer<?> container() {
        return new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withImagePullPolicy(name -> !isHere(IMAGE))
                .withNetworkMode("none")
                .withCommand("sleep", "300");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Client {

        @Bean
        @ServiceConnection("shmipc")
        GenericContainer<?> where() {
            String classPath = System.getProperty("java.class.path");
            List<Bind> binds = new ArrayList<>();
            for (String entry : classPath.split(File.pathSeparator, -1)) {
                binds.add(new Bind(entry, new Volume(entry), AccessMode.ro));
            }
            binds.add(new Bind(directory.toString(), new Volume("/run/where")));
            return container()
                    .withEnv("SHMIPC_SERVER_ADDRESS", "unix:/run/where/where.sock")
                    .withEnv("SPRING_CONFIG_NAME", "none")
                    .withCommand("java", "-cp", classPath, ContainerServer.class.getName())
                    .withCreateContainerCmdModifier(command ->
                            Objects.requireNonNull(command.getHostConfig()).withBinds(binds))
                    .withLogConsumer(ServiceConnectionIT::show)
                    .waitingFor(Wait.forLogMessage(".*Listener 'server' serves.*", 1));
        }
    }

    private static void show(OutputFrame frame) {
        System.out.print("container: " + frame.getUtf8String());
    }
}
