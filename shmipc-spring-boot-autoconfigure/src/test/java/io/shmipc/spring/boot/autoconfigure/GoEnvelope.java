package io.shmipc.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The Go program of {@code src/test/go}, which speaks the envelope through shmipc-go. */
final class GoEnvelope {

    private static final String REQUIRED = "SHMIPC_REQUIRE_INTEROP";
    private static final long BUILD_SECONDS = 240;

    private GoEnvelope() {}

    /**
     * Builds the program.
     *
     * @return where it is; without a Go tool chain the test is skipped, or fails where that is asked for
     */
    static Path build() throws IOException, InterruptedException {
        Path program = Path.of("target", "go-envelope", "envelope").toAbsolutePath();
        Files.createDirectories(program.getParent());
        Path log = program.resolveSibling("build.log");
        ProcessBuilder build = new ProcessBuilder("go", "build", "-o", program.toString(), ".");
        build.environment().put("CGO_ENABLED", "0");
        build.directory(Path.of("src", "test", "go").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        String problem = run(build)
                .map(status -> status == 0 ? "" : "go build failed, see " + log)
                .orElse("There is no Go tool chain on the PATH.");
        if (!problem.isEmpty() && "true".equals(System.getenv(REQUIRED))) {
            throw new AssertionError(problem);
        }
        Assumptions.assumeTrue(problem.isEmpty(), problem + " " + REQUIRED + "=true makes this a failure.");
        return program;
    }

    /** Starts the program; its output goes to the given file. */
    static Process start(Path program, String role, Path socket, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program.toString(), role, socket.toString());
        builder.environment().put("SHMIPC_LOG_LEVEL", "4");
        return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    private static Optional<Integer> run(ProcessBuilder builder) throws InterruptedException {
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return Optional.empty();
        }
        if (!process.waitFor(BUILD_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return Optional.of(-1);
        }
        return Optional.of(process.exitValue());
    }
}
