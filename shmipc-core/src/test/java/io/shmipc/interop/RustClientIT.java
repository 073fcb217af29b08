package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.InteropTable.Row;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Calls from a Rust client to here. */
@Tag("foreign-matrix")
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

    /** The crate knows a protocol 4, which this engine refuses like every peer that does not know it. */
    @ParameterizedTest
    @EnumSource(Link.class)
    void aClientThatPrefersANewerProtocolFallsBackToThisOne(Link link) {
        try (EchoServer server = EchoServer.start(workspace.address(link), EchoServer.Serving.CALLBACKS)) {
            Map<String, Object> options = Map.of(
                    "mode",
                    "callback",
                    "regionBytes",
                    32 << 20,
                    "callers",
                    4,
                    "calls",
                    20,
                    "sizes",
                    List.of(100, 100_000),
                    "newestProtocol",
                    true);
            RustPeer.connect(process, "call", server, link, workspace, options);
            JsonNode done = process.awaitJson("DONE", CallingClient.DEADLINE.multipliedBy(2));
            assertThat(done.get("roundtrips").asInt()).isEqualTo(4 * 20 * 2);
            assertThat(server.finish().firstError()).isEmpty();
        }
        workspace.awaitNothingLeft();
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
