package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.interop.InteropTable.Row;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Calls from a Go client to here. */
@RequiresGo
class GoClientIT extends InteropContract {

    @Override
    Row row(Cell cell) {
        return new Row(InteropTable.GO, "server", cell);
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
        try (ChildProcess others =
                GoPeer.start(arguments(cell, server, bystanders, 1, List.of("-sizes", "100", "-duration", "60s")))) {
            others.await("READY", CallingClient.DEADLINE);
            callAll(cell, server);
            others.command("stop");
            JsonNode done = others.awaitJson("DONE", CallingClient.DEADLINE);
            assertThat(done.get("firstError").asString()).isEmpty();
        }
    }

    private void callAll(Cell cell, ServerPeer server) {
        List<String> flags = List.of("-sizes", Integer.toString(cell.size()));
        try (ChildProcess client =
                GoPeer.start(arguments(cell, server, cell.callers(), cell.callsPerStream(), flags))) {
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
    private List<String> arguments(Cell cell, ServerPeer server, int streams, int calls, List<String> more) {
        List<String> arguments =
                new ArrayList<>(List.of("client", "-mode", cell.clientMode().flag()));
        arguments.addAll(GoPeer.at(server.address()));
        arguments.addAll(List.of("-memory", cell.link().memoryName(), "-path-prefix", workspace.pathPrefix()));
        arguments.addAll(List.of("-prefix", server.prefix(), "-buffer-bytes", Integer.toString(cell.regionBytes())));
        arguments.addAll(List.of("-streams", Integer.toString(streams), "-count", Integer.toString(calls)));
        arguments.addAll(List.of("-deadline", CallingClient.DEADLINE.toSeconds() + "s"));
        arguments.addAll(List.of("-putback=" + !cell.fallsBack()));
        arguments.addAll(more);
        return arguments;
    }
}
