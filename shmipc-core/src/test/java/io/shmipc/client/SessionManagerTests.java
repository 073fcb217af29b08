package io.shmipc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.BufferReader;
import io.shmipc.ConnectException;
import io.shmipc.Session;
import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SessionManagerTests {

    @TempDir
    Path directory;

    @Test
    void aStreamThatWasPutBackIsGivenOutAgain() {
        try (Listener listener = listen();
                SessionManager manager = SessionManager.open(config().build())) {
            Stream first = manager.getStream();
            assertThat(increment(first, 1)).isEqualTo(2);
            manager.putBack(first);
            assertThat(manager.getStream()).isSameAs(first);
            manager.putBack(first);
            assertThat(listener.sessions()).hasSize(1);
        }
    }

    @Test
    void streamsAreGivenOutSessionBySessionInTurn() {
        try (Listener listener = listen();
                SessionManager manager =
                        SessionManager.open(config().sessions(3).build())) {
            Set<Session> sessions = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                sessions.add(manager.getStream().session());
            }
            assertThat(sessions).hasSize(3).containsExactlyInAnyOrderElementsOf(manager.sessions());
            await().until(() -> listener.sessions().size() == 3);
        }
    }

    @Test
    void aPoolKeepsNoMoreStreamsThanItsMaximum() {
        try (Listener listener = listen();
                SessionManager manager =
                        SessionManager.open(config().maxPooledStreams(1).build())) {
            Stream kept = manager.getStream();
            Stream surplus = manager.getStream();
            manager.putBack(kept);
            manager.putBack(surplus);
            assertThat(kept.isOpen()).isTrue();
            assertThat(surplus.isOpen()).isFalse();
            assertThat(listener.isRunning()).isTrue();
        }
    }

    @Test
    void anIdleStreamIsClosedAfterItsIdleTime() {
        try (Listener listener = listen();
                SessionManager manager = SessionManager.open(
                        config().streamMaxIdleTime(Duration.ofMillis(50)).build())) {
            Stream idle = manager.getStream();
            increment(idle, 1);
            manager.putBack(idle);
            await().until(() -> !idle.isOpen());
            await().until(() -> listener.sessions().get(0).activeStreamCount() == 0);
        }
    }

    @Test
    void workThatThrowsClosesItsStream() {
        try (Listener listener = listen();
                SessionManager manager = SessionManager.open(config().build())) {
            Stream[] used = new Stream[1];
            assertThatThrownBy(() -> manager.execute(stream -> {
                        used[0] = stream;
                        throw new IllegalStateException("on purpose");
                    }))
                    .hasMessage("on purpose");
            assertThat(used[0].isOpen()).isFalse();
            assertThat(manager.<Long>execute(stream -> increment(stream, 41))).isEqualTo(42);
            assertThat(listener.isRunning()).isTrue();
        }
    }

    @Test
    void aLostServerIsFoundAgainWhenItIsBack() {
        Listener first = listen();
        try (SessionManager manager = SessionManager.open(config().build())) {
            assertThat(manager.<Long>execute(stream -> increment(stream, 1))).isEqualTo(2);
            first.close();
            assertThatThrownBy(() -> manager.execute(stream -> increment(stream, 1)))
                    .isInstanceOf(ShmipcException.class);
            try (Listener second = listen()) {
                await().ignoreExceptionsInstanceOf(ShmipcException.class)
                        .until(() -> manager.<Long>execute(stream -> increment(stream, 2)) == 3);
                assertThat(second.sessions()).hasSize(1);
            }
        }
    }

    @Test
    void withoutAServerOpeningFailsUnlessItMayConnectLazily() {
        assertThatThrownBy(() -> SessionManager.open(config().build()))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("Start the server");
        try (SessionManager manager =
                SessionManager.open(config().connectLazily(true).build())) {
            assertThatThrownBy(manager::getStream)
                    .isInstanceOf(SessionClosedException.class)
                    .hasMessageContaining("server.sock");
            try (Listener listener = listen()) {
                await().ignoreExceptionsInstanceOf(ShmipcException.class)
                        .until(() -> manager.<Long>execute(stream -> increment(stream, 2)) == 3);
                assertThat(listener.isRunning()).isTrue();
            }
        }
    }

    @Test
    void theGlobalManagerIsMadeOnce() {
        try (Listener listener = listen();
                SessionManager global = SessionManager.initGlobal(config().build())) {
            assertThat(SessionManager.initGlobal(config().build())).isSameAs(global);
            assertThat(SessionManager.global()).isSameAs(global);
            assertThat(listener.isRunning()).isTrue();
        }
    }

    @Test
    void aClosedManagerGivesOutNothingAndClosesTwiceInPeace() {
        try (Listener listener = listen()) {
            SessionManager manager = SessionManager.open(config().build());
            manager.close();
            manager.close();
            assertThat(manager.isClosed()).isTrue();
            assertThatThrownBy(manager::getStream).isInstanceOf(SessionClosedException.class);
            await().until(() -> listener.sessions().isEmpty());
        }
    }

    private static long increment(Stream stream, long number) {
        stream.bufferWriter().writeLong(number);
        stream.flush();
        long answer = stream.bufferReader().readLong();
        stream.bufferReader().releasePreviousRead();
        return answer;
    }

    private SessionManagerConfig.Builder config() {
        return SessionManagerConfig.builder(address())
                .rebuildInterval(Duration.ofMillis(10))
                .maxRebuildInterval(Duration.ofMillis(50));
    }

    private ShmipcAddress address() {
        return ShmipcAddress.unix(directory.resolve("server.sock"));
    }

    /** Starts a server that answers each number with the next. */
    private Listener listen() {
        Listener listener = new Listener(
                stream -> stream.setCallbacks(new StreamCallbacks() {
                    @Override
                    public void onData(BufferReader reader) {
                        while (reader.length() >= Long.BYTES) {
                            stream.bufferWriter().writeLong(reader.readLong() + 1);
                            stream.flush();
                        }
                    }

                    @Override
                    public void onLocalClose() {}

                    @Override
                    public void onRemoteClose() {}
                }),
                ListenerConfig.builder(address()).build());
        listener.start();
        return listener;
    }
}
