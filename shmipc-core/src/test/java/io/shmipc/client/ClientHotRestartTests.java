package io.shmipc.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.Stream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that is asked to move to its server's successor, more than once. */
@Timeout(60)
class ClientHotRestartTests {

    private static final int SESSIONS = 2;

    private final List<SocketChannel> old = new ArrayList<>();
    private final List<Stream> streams = new ArrayList<>();
    private RawServer server;
    private SessionManager manager;

    @BeforeEach
    void connect() throws IOException {
        server = new RawServer();
        manager = SessionManager.open(server.client().sessions(SESSIONS).build());
        for (int i = 0; i < SESSIONS; i++) {
            old.add(server.accept());
            // Keeps the old session open when it has been replaced.
            streams.add(manager.getStream());
        }
    }

    @AfterEach
    void disconnect() throws IOException {
        streams.forEach(Stream::close);
        manager.close();
        for (SocketChannel connection : old) {
            connection.close();
        }
        server.close();
    }

    @Test
    void theLastRequestCountsWhileTheSuccessorIsAwaited() throws IOException {
        server.leaveAddress();
        for (long epoch = 1; epoch <= 3; epoch++) {
            for (SocketChannel connection : old) {
                RawServer.askToMove(connection, epoch);
            }
        }
        try (RawServer successor = server.successor()) {
            List<SocketChannel> moved = List.of(successor.accept(), successor.accept());
            for (SocketChannel connection : old) {
                awaitAcknowledgement(connection, 3);
            }
            manager.close();
            for (SocketChannel connection : moved) {
                connection.close();
            }
        }
    }

    /** Waits for an epoch to be acknowledged; earlier ones may be, if the client was slow enough to serve them, too. */
    private static void awaitAcknowledgement(SocketChannel connection, long epoch) throws IOException {
        long acknowledged = 0;
        while (acknowledged < epoch) {
            acknowledged = RawServer.acknowledgedEpoch(connection);
        }
        assertThat(acknowledged).isEqualTo(epoch);
    }

    @Test
    void whatHasMovedAlreadyAcknowledgesALaterRequestAtOnce() throws IOException {
        server.leaveAddress();
        try (RawServer successor = server.successor()) {
            RawServer.askToMove(old.get(1), 7);
            SocketChannel first = successor.accept();
            assertThat(RawServer.acknowledgedEpoch(old.get(1))).isEqualTo(7);
            for (SocketChannel connection : old) {
                RawServer.askToMove(connection, 8);
            }
            SocketChannel second = successor.accept();
            for (SocketChannel connection : old) {
                assertThat(RawServer.acknowledgedEpoch(connection)).isEqualTo(8);
            }
            assertThat(manager.sessions()).hasSize(SESSIONS).noneMatch(session -> session.isClosed());
            manager.close();
            first.close();
            second.close();
        }
    }
}
