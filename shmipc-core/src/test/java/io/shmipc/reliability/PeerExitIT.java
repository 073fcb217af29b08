package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.ChildProcess;
import io.shmipc.interop.Workspace;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the metrics of a session tell of a process that was killed. */
@Timeout(120)
class PeerExitIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Workspace workspace = new Workspace();

    @AfterEach
    void removeNames() {
        workspace.close();
    }

    @Test
    void aKilledClientCountsAsAnErrorOfItsConnection() throws InterruptedException {
        LinkedBlockingQueue<Stream> streams = new LinkedBlockingQueue<>();
        try (Listener listener = new Listener(
                        streams::add,
                        ListenerConfig.builder(workspace.address(Link.MEMFD_UNIX))
                                .build());
                ChildProcess client = Peer.start()) {
            listener.start();
            Peer.awaitHello(client);
            client.command("open " + listener.address() + " 1 " + workspace.pathPrefix());
            client.await("OPENED", PATIENCE);
            Stream stream = streams.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(stream).isNotNull();
            Session session = stream.session();
            assertThat(session.metrics().stability().eventConnErrorCount()).isZero();
            client.kill();
            await().atMost(PATIENCE).until(session::isClosed);
            assertThat(session.metrics().stability().eventConnErrorCount()).isEqualTo(1);
            stream.close();
        }
    }
}
