package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.EchoServer.Serving;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer that is killed while this process holds what it sent. */
@Timeout(120)
class KilledPeerIT {

    private Workspace workspace;

    @BeforeEach
    void chooseNames() {
        workspace = new Workspace();
    }

    @AfterEach
    void removeNames() {
        workspace.close();
    }

    @ParameterizedTest
    @EnumSource(Link.class)
    void whatItSentStaysReadableUntilTheStreamIsClosed(Link link) throws Exception {
        try (ChildProcess process = JavaPeer.start()) {
            ServerPeer server = JavaPeer.serve(process, workspace.address(link), Serving.CALLBACKS);
            try (CallingClient client =
                    CallingClient.connect(server, link.memory, workspace, ShmipcConfig.MIN_REGION_BYTES)) {
                Session session = client.session();
                Stream stream = client.manager().getStream();
                Frames.send(stream, 7, "", ByteBuffer.wrap(Frames.pattern(2000, 7)));
                Frames.Frame reply = Frames.read(stream.bufferReader());
                assertThat(reply.payload().isDirect())
                        .as("a span of the region")
                        .isTrue();

                process.kill();
                session.closeFuture().toCompletableFuture().get(40, TimeUnit.SECONDS);
                reply.requireReply(7, 2000, server.prefix());
                assertThatThrownBy(() -> stream.bufferReader().readByte())
                        .hasFieldOrPropertyWithValue("reason", Reason.SESSION_SHUTDOWN);
                reply.requireReply(7, 2000, server.prefix());
                stream.close();
            }
        }
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            assertThat(workspace.memoryFiles()).isEmpty();
            assertThat(workspace.openMemfds()).isEmpty();
        });
    }
}
