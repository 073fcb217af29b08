package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.interop.InteropTable.Row;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import tools.jackson.databind.JsonNode;

/** Calls from a Go client to here. */
@Tag("foreign-matrix")
@RequiresGo
class GoClientIT extends InteropContract {

    @Override
    Row row(Cell cell) {
        return new Row(Foreign.GO.library(), "server", cell);
    }

    @Override
    ServerPeer startServer(Cell cell) {
        return EchoServer.start(workspace.address(cell.link()), EchoServer.serving(cell.serverMode()));
    }

    @Override
    void makeCalls(Cell cell, ServerPeer server) {
        int bystanders = cell.streams() - cell.callers();
        if (bystanders == 0) {
            callAll(cell, server);
            return;
        }
        try (ChildProcess others = start(cell, server, bystanders, 1, "-sizes", "100", "-duration", "60s")) {
            others.await("READY", CallingClient.DEADLINE);
            callAll(cell, server);
            others.command("stop");
            JsonNode done = others.awaitJson("DONE", CallingClient.DEADLINE);
            assertThat(done.get("firstError").asString()).isEmpty();
        }
    }

    private void callAll(Cell cell, ServerPeer server) {
        String size = Integer.toString(cell.size());
        try (ChildProcess client = start(cell, server, cell.callers(), cell.callsPerStream(), "-sizes", size)) {
            JsonNode done = client.awaitJson("DONE", CallingClient.DEADLINE.multipliedBy(2));
            assertThat(done.get("firstError").asString()).isEmpty();
            assertThat(done.get("errors").asInt()).isZero();
            assertThat(done.get("roundtrips").asInt()).isEqualTo(cell.callers() * cell.callsPerStream());
            if (cell.fallsBack()) {
                assertThat(done.get("fallbackWrites").asInt()).isPositive();
                assertThat(done.get("fallbackReads").asInt()).isPositive();
            }
            assertThat(client.awaitExit(CallingClient.DEADLINE)).isZero();
        }
    }

    /** A pooled stream that fell back would leave no other for 30 s: such a cell keeps its stream. */
    private ChildProcess start(Cell cell, ServerPeer server, int streams, int calls, String... more) {
        List<String> flags = new ArrayList<>(List.of("-mode", cell.clientMode().flag(), "-prefix", server.prefix()));
        flags.addAll(List.of("-buffer-bytes", Integer.toString(cell.regionBytes())));
        flags.addAll(List.of("-streams", Integer.toString(streams), "-count", Integer.toString(calls)));
        flags.addAll(List.of("-deadline", CallingClient.DEADLINE.toSeconds() + "s", "-putback=" + !cell.fallsBack()));
        flags.addAll(List.of(more));
        return GoClient.start("client", server.address(), cell.link(), workspace, flags.toArray(String[]::new));
    }
}
