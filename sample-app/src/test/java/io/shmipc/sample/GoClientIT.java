package io.shmipc.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Go client that people copy calls the server that the sample starts. */
@Timeout(300)
class GoClientIT {

    private static final String REQUIRED = "SHMIPC_REQUIRE_INTEROP";
    private static final int BUILD_SECONDS = 240;
    private static final int CALL_SECONDS = 60;

    @TempDir
    Path directory;

    @Test
    void theGoClientIsGreeted() throws Exception {
        Path program = build();
        Path socket = directory.resolve("lines.sock");
        try (SampleProcess server = new SampleProcess(
                directory.resolve("server.log"),
                "--spring.profiles.active=server",
                "--shmipc.server.address=" + directory.resolve("greet.sock"),
                "--shmipc.listeners.lines.address=" + socket)) {
            server.awaitLog("Listener 'lines' serves");
            Path output = directory.resolve("go.log");
            Process go = new ProcessBuilder(program.toString(), socket.toString(), "Grâce")
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                assertThat(go.waitFor(CALL_SECONDS, TimeUnit.SECONDS)).isTrue();
            } finally {
                go.destroyForcibly();
            }
            assertThat(Files.readString(output)).contains("Hello, Grâce! Process " + server.pid() + " wrote");
            assertThat(go.exitValue()).isZero();
            server.terminate();
        }
    }

    /** Builds the client; only without a tool chain is the test skipped. */
    private Path build() throws InterruptedException, IOException {
        Path program = directory.resolve("client");
        Path log = directory.resolve("build.log");
        Process build;
        try {
            build = new ProcessBuilder("go", "build", "-o", program.toString(), ".")
                    .directory(Path.of("go").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            String problem = "There is no Go tool chain on the PATH.";
            assertThat(System.getenv(REQUIRED)).as(problem).isNotEqualTo("true");
            Assumptions.abort(problem + " " + REQUIRED + "=true makes this a failure.");
            throw e;
        }
        assertThat(build.waitFor(BUILD_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(build.exitValue()).as(Files.readString(log)).isZero();
        return program;
    }

    @Test
    void theGoClientIsAsShortAsThePageSays() throws IOException {
        assertThat(Files.readAllLines(Path.of("go", "main.go"))).hasSizeLessThanOrEqualTo(40);
    }
}
