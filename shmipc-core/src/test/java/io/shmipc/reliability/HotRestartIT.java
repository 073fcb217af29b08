package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.MemoryType;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.interop.CallingClient;
import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.ChildProcess;
import io.shmipc.interop.EchoServer;
import io.shmipc.interop.EchoServer.Serving;
import io.shmipc.interop.Workspace;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two processes that take turns as the server, while a client calls. */
@Reliability
@Timeout(180)
class HotRestartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CALLS_BETWEEN = 50;

    @Test
    void noRequestIsLostInHotRestartsUnderLoad() throws Exception {
        Figures.keep("restarts", 10, "hot restarts under load with no request lost", figure -> {
            try (Workspace workspace = new Workspace();
                    ChildProcess one = Peer.start();
                    ChildProcess two = Peer.start()) {
                return restart(figure, workspace, one, two);
            }
        });
    }

    private static String restart(Figures figure, Workspace workspace, ChildProcess one, ChildProcess two) {
        ShmipcAddress address = workspace.address(Link.MEMFD_UNIX);
        Peer.awaitHello(one);
        Peer.awaitHello(two);
        Peer.serve(one, address, Serving.CALLBACKS);
        Latencies took = new Latencies();
        try (Load load = new Load(CallingClient.connect(address, EchoServer.PREFIX, config(workspace)))) {
            load.start();
            load.awaitAnswers(CALLS_BETWEEN, PATIENCE);
            for (long epoch = 1; epoch <= figure.count(); epoch++) {
                ChildProcess old = epoch % 2 == 1 ? one : two;
                ChildProcess successor = epoch % 2 == 1 ? two : one;
                Peer.serve(successor, address, Serving.CALLBACKS);
                took.add(Duration.ofMillis(Peer.restart(old, epoch)).toNanos());
                load.awaitAnswers(CALLS_BETWEEN, PATIENCE);
                assertThat(load.failed())
                        .as("requests lost by restart " + epoch)
                        .isZero();
                figure.reached(epoch);
            }
            load.stop();
            return "%,d requests, none lost; a restart took %s".formatted(load.answered(), took);
        }
    }

    private static ShmipcConfig config(Workspace workspace) {
        return ShmipcConfig.builder()
                .memoryType(MemoryType.FILE)
                .pathPrefix(workspace.pathPrefix())
                .regionBytes(Load.REGION_BYTES)
                .build();
    }
}
