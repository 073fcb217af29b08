package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.SessionMetrics;

/** The contract with this project's engine as the client. */
abstract class JavaClientContract extends InteropContract {

    @Override
    void makeCalls(Cell cell, ServerPeer server) {
        try (CallingClient client = CallingClient.connect(server, cell.link().memory, workspace, cell.regionBytes())) {
            client.run(cell);
            SessionMetrics metrics = client.session().metrics();
            if (cell.fallsBack()) {
                assertThat(metrics.stability().fallbackWriteCount()).isPositive();
                assertThat(metrics.stability().fallbackReadCount()).isPositive();
            }
            assertThat(metrics.stability().eventConnErrorCount()).isZero();
        }
    }
}
