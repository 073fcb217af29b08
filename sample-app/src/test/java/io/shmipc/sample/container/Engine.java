package io.shmipc.sample.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.DockerImageName;

/** The Docker engine of this machine, the Java image to run there, and the sample's jar to run in it. */
final class Engine {

    /** Set to "true" where a missing engine must fail tests instead of skipping them. */
    static final String REQUIRED = "SHMIPC_REQUIRE_CONTAINERS";

    private static final int JAVA = Runtime.version().feature();

    private Engine() {}

    /** Returns what hinders containers here, or nothing. */
    static Optional<String> problem() {
        if (System.getProperty("sample.jar") == null) {
            return Optional.of("The sample has no jar here: Maven's verify makes it.");
        }
        return DockerClientFactory.instance().isDockerAvailable()
                ? Optional.empty()
                : Optional.of("No Docker engine answers: scripts/docker-engine.sh starts one.");
    }

    static boolean isRequired() {
        return "true".equals(System.getenv(REQUIRED));
    }

    static DockerClient client() {
        return DockerClientFactory.instance().client();
    }

    static Path sampleJar() {
        Path jar = Path.of(System.getProperty("sample.jar"));
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is not there: run Maven's verify");
        }
        return jar;
    }

    /**
     * Returns the image: what the system property {@code container.java.image} names, else the one that
     * scripts/build-java-image.sh made for this Java version, else a public one.
     */
    static DockerImageName javaImage() {
        String named = System.getProperty("container.java.image", "");
        if (!named.isBlank()) {
            return DockerImageName.parse(named);
        }
        String local = "shmipc-java:" + JAVA;
        return DockerImageName.parse(isHere(local) ? local : "eclipse-temurin:" + JAVA + "-jre");
    }

    private static boolean isHere(String image) {
        try {
            client().inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }
}
