package io.shmipc.sample.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Compose file that users copy, started by Compose itself. */
@RequiresDocker
@Timeout(300)
class ComposeIT {

    private static final Path FILE = Path.of("..", "deploy", "compose.yaml");
    private static final List<List<String>> PROGRAMS = List.of(List.of("docker", "compose"), List.of("docker-compose"));

    private final String project = "shmipc-" + UUID.randomUUID();

    @TempDir
    Path directory;

    @Test
    void serverAndClientMeetAndEndInOrder() throws Exception {
        if (!Engine.isRequired()) {
            assumeThat(program()).as("neither of %s is there", PROGRAMS).isNotEmpty();
        }
        try {
            compose("up", "-d");
            new HttpFront(publishedPort()).await(this::logs);

            assertThat(compose("exec", "-T", "server", "ls", "-ln", "/run/greetings"))
                    .containsPattern("srw-rw---- 1 1001 +2000 .* greet.sock")
                    .containsPattern("-rw-rw---- 1 1002 +2000 .* memory_1_.*_buffer");
            compose("stop", "client");
            assertThat(compose("exec", "-T", "server", "ls", "/run/greetings"))
                    .as("a client that ends in order takes its memory with it")
                    .doesNotContain("memory");
        } finally {
            compose("down", "--volumes", "--timeout", "30");
        }
    }

    private int publishedPort() throws Exception {
        String address = compose("port", "client", "8080").trim();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private String logs() {
        try {
            return compose("logs");
        } catch (Exception e) {
            return "no logs: " + e;
        }
    }

    private static List<String> program() {
        return PROGRAMS.stream().filter(ComposeIT::answers).findFirst().orElse(List.of());
    }

    private static boolean answers(List<String> program) {
        List<String> command = new ArrayList<>(program);
        command.add("version");
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String compose(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(program());
        assertThat(command).as("one of %s", PROGRAMS).isNotEmpty();
        command.addAll(List.of("-p", project, "-f", FILE.toString()));
        command.addAll(List.of(arguments));
        File output = Files.createTempFile(directory, "compose", ".log").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
        builder.environment().put("SHMIPC_JAVA_IMAGE", Engine.javaImage().asCanonicalNameString());
        builder.environment().put("SHMIPC_SAMPLE_JAR", Engine.sampleJar().toString());
        builder.environment().put("SHMIPC_SAMPLE_PORT", "0");
        Process process = builder.start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        String printed = Files.readString(output.toPath());
        assertThat(ended && process.exitValue() == 0)
                .as("%s%n%s", command, printed)
                .isTrue();
        return printed;
    }
}
