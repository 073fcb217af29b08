package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.interop.InteropTable.Row;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import tools.jackson.databind.JsonNode;

/** Calls from a Rust client to here. */
@RequiresRust
class RustClientIT extends InteropContract {

    private ChildProcess process;

    @BeforeAll
    void startProcess() {
        process = RustPeer.start();
    }

    @AfterAll
    void endProcess() {
        process.close();
    }

    @Override
    Row row(Cell cell) {
        return new Row(Foreign.RUST.library(), "server", cell);
    }

    @Override
    ServerPeer startServer(Cell cell) {
        return EchoServer.start(workspace.address(cell.link()), EchoServer.serving(cell.serverMode()));
    }

    @Override
    void makeCalls(Cell cell, ServerPeer server) {
        // A pooled stream reuses its last slice, of which the crate loses some where a frame took several.
        boolean pooled = cell.clientMode() == Cell.Mode.SYNC && cell.size() <= 10 << 10;
        int bystanders = cell.streams() - cell.callers();
        RustPeer.connect(
                process,
                "call",
                server,
                cell.link(),
                workspace,
                Map.of(
                        "mode", cell.clientMode().flag(),
                        "regionBytes", cell.regionBytes(),
                        "callers", cell.callers(),
                        "bystanders", bystanders,
                        "calls", cell.callsPerStream(),
                        "sizes", List.of(cell.size()),
                        "pooled", pooled));
        JsonNode done = process.awaitJson("DONE", CallingClient.DEADLINE.multipliedBy(2));
        assertThat(done.get("firstError").asString()).isEmpty();
        assertThat(done.get("roundtrips").asInt()).isEqualTo(cell.callers() * cell.callsPerStream() + 2 * bystanders);
        if (cell.fallsBack()) {
            assertThat(done.get("fallbackWrites").asInt()).isPositive();
            assertThat(done.get("fallbackReads").asInt()).isPositive();
        }
    }
}
