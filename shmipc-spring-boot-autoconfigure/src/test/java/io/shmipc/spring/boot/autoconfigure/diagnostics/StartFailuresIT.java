package io.shmipc.spring.boot.autoconfigure.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shmipc.ListenCallback;
import io.shmipc.ShmipcAddress;
import io.shmipc.Stream;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** What people read when a process cannot start; each process tries twice. */
@Timeout(120)
class StartFailuresIT {

    private static final String FAILED = "APPLICATION FAILED TO START";
    private static final String REQUIRED = "SHMIPC_REQUIRE_CONTAINERS";

    /** What is mounted over. */
    @TempDir
    Path directory;

    @TempDir
    Path sockets;

    @Test
    void aLibraryThatCannotBeUnpackedIsExplainedEachTime() throws Exception {
        assertExplainsTheLibrary(run(java(List.of("-Djna.nosys=true", "-Djna.nounpack=true"), server())));
    }

    @Test
    void aTemporaryDirectoryThatRunsNoProgramsIsExplainedEachTime() throws Exception {
        List<String> java = java(List.of("-Djna.tmpdir=" + directory), server());

        assertExplainsTheLibrary(run(mounted("noexec", java)));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24, disabledReason = "Older ones do not ask whether native access is granted.")
    void nativeAccessThatIsDeniedIsExplainedEachTime() throws Exception {
        assertExplainsTheLibrary(run(java(List.of("--illegal-native-access=deny"), server())));
    }

    @Test
    void aFileSystemThatIsTooSmallForTheMemoryIsExplained() throws Exception {
        Path socket = sockets.resolve("other.sock");
        List<String> java = java(
                List.of(),
                List.of(
                        "--shmipc.client.address=" + socket,
                        "--shmipc.client.fail-fast=true",
                        "--shmipc.client.memory-type=file",
                        "--shmipc.client.buffer-capacity=64MB",
                        "--shmipc.client.path-prefix=" + directory.resolve("small"),
                        "--shmipc.server.enabled=false"));

        ListenCallback callback = Stream::close;
        try (Listener server = new Listener(
                callback, ListenerConfig.builder(ShmipcAddress.unix(socket)).build())) {
            server.start();

            assertThat(run(mounted("size=1m", java)))
                    .contains(FAILED, "Lower shmipc.client.buffer-capacity", "--shm-size")
                    .doesNotContain("It started.");
        }
    }

    @Test
    void aFileSystemThatIsReadOnlyIsExplained() throws Exception {
        List<String> java = java(List.of(), List.of("--shmipc.server.address=" + directory.resolve("s.sock")));

        assertThat(run(mounted("ro", java)))
                .contains(FAILED, "EROFS", "not mounted read-only", "Set shmipc.server.address")
                .doesNotContain("It started.");
    }

    private void assertExplainsTheLibrary(String output) {
        assertThat(output.split(FAILED, -1)).as(output).hasSize(3);
        assertThat(output)
                .contains("JNA could not be loaded", "-Djna.tmpdir=DIRECTORY", "--enable-native-access=ALL-UNNAMED")
                .doesNotContain("It started.");
    }

    private List<String> server() {
        return List.of("--shmipc.server.address=" + sockets.resolve("s.sock"));
    }

    /** Returns a command that runs another one where the temporary directory is mounted in that way, for it alone. */
    private List<String> mounted(String options, List<String> command) throws Exception {
        List<String> mounted = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o " + options + " none " + directory + " && exec \"$@\"",
                "sh"));
        List<String> attempt = new ArrayList<>(mounted);
        attempt.add("true");
        boolean possible = succeeds(attempt);
        assertThat(possible || !"true".equals(System.getenv(REQUIRED)))
                .as("This user may not mount file systems, and " + REQUIRED + " is true.")
                .isTrue();
        assumeTrue(
                possible,
                "This user may not mount file systems: run it as root. " + REQUIRED + "=true makes this a failure.");
        mounted.addAll(command);
        return mounted;
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> java(List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StartFailures.class.getName()));
        command.addAll(arguments);
        return command;
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
