package io.shmipc.sample.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A container in which nothing that can be written can be executed, as a read-only one is with Docker's tmpfs. */
@RequiresDocker
@Timeout(180)
class NoExecIT {

    @Test
    void aJnaThatCannotBeUnpackedIsExplained() {
        try (SampleContainer server = SampleContainer.server()
                .with("--shmipc.server.address=unix:/tmp/greet.sock")
                .user("1001:1001")
                .thatFails()) {
            server.start();

            assertThat(server.awaitExit()).isEqualTo(1);
            assertThat(server.log())
                    .contains("JNA could not be loaded", "-Djna.tmpdir=DIRECTORY", "-Djna.boot.library.path=DIRECTORY");
        }
    }
}
