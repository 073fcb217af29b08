package io.shmipc.sample.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.sample.SampleProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** However the sample ends, nothing is left of it. */
@Tag("first-run")
@Timeout(180)
class EndIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void endsBothProcessesInOrder() throws Exception {
        try (Lab lab = new Lab(directory)) {
            lab.awaitFirstComparison();
            List<ProcessHandle> children = lab.process().children();
            assertThat(children).hasSize(1);
            assertThat(lab.leftOvers()).isNotEmpty();

            lab.process().terminate();

            assertThat(children).noneMatch(ProcessHandle::isAlive);
            assertThat(lab.leftOvers()).isEmpty();
            assertThat(lab.process().log()).doesNotContain("lost", "Exception", "ERROR");
        }
    }

    @Test
    void theServerEndsAndCleansUpWhenTheWebApplicationIsKilled() throws Exception {
        try (Lab lab = new Lab(directory)) {
            lab.awaitFirstComparison();
            List<ProcessHandle> children = lab.process().children();
            assertThat(children).hasSize(1);

            lab.process().kill();

            Awaitility.await().atMost(PATIENCE).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(lab.leftOvers()).isEmpty();
        }
    }

    @Test
    void aPortInUseIsExplainedAndLeavesNoProcess() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SampleProcess sample =
                        new SampleProcess(directory.resolve("sample.log"), "--server.port=" + taken.getLocalPort())) {
            assertThat(sample.awaitFailure())
                    .contains("APPLICATION FAILED TO START", "Port " + taken.getLocalPort() + " was already in use");
            assertThat(sample.children()).isEmpty();
        }
    }
}
