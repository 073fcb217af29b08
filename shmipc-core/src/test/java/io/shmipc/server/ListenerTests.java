package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.AddressException;
import io.shmipc.ListenCallback;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.session.Duo;
import io.shmipc.session.Payload;
import io.shmipc.session.Variant;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a listener begins and ends. */
@Timeout(20)
class ListenerTests {

    @TempDir
    Path directory;

    private final List<String> told = new CopyOnWriteArrayList<>();

    private final ListenCallback callback = new ListenCallback() {
        @Override
        public void onNewStream(Stream stream) {
            told.add("stream");
        }

        @Override
        public void onShutdown(String reason) {
            told.add("shutdown");
        }
    };

    private Listener listener(ShmipcAddress address) {
        return new Listener(callback, ListenerConfig.builder(address).build());
    }

    private ShmipcAddress socket() {
        return ShmipcAddress.unix(directory.resolve("socket"));
    }

    @Test
    void anAddressInUseIsRefused() {
        try (Listener first = listener(socket());
                Listener second = listener(socket())) {
            first.start();
            assertThatThrownBy(second::start)
                    .isInstanceOf(AddressException.class)
                    .hasMessageContaining(socket().toString())
                    .hasFieldOrPropertyWithValue("reason", Reason.ADDRESS_UNUSABLE);
            assertThat(first.isRunning()).isTrue();
        }
        assertThat(Path.of(socket().target())).doesNotExist();
    }

    @Test
    void aPortInUseIsRefused() {
        try (Listener first = listener(ShmipcAddress.tcp("127.0.0.1", 0))) {
            first.start();
            assertThat(first.address().port()).isPositive();
            try (Listener second = listener(first.address())) {
                assertThatThrownBy(second::start).isInstanceOf(AddressException.class);
            }
        }
    }

    @Test
    void theSocketOfADeadListenerIsReplaced() throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket().target()));
        }
        assertThat(Path.of(socket().target())).exists();
        try (Listener listener = listener(socket())) {
            listener.start();
            assertThat(listener.isRunning()).isTrue();
        }
    }

    @Test
    void anotherFileInItsPlaceIsLeftAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("socket"), "precious");
        try (Listener listener = listener(socket())) {
            assertThatThrownBy(listener::start).isInstanceOf(AddressException.class);
        }
        assertThat(file).hasContent("precious");
    }

    @Test
    void aMissingDirectoryIsNamed() {
        try (Listener listener = listener(ShmipcAddress.unix(directory.resolve("missing/socket")))) {
            assertThatThrownBy(listener::start)
                    .isInstanceOf(AddressException.class)
                    .hasMessageContaining("missing/socket")
                    .hasMessageContaining("directory");
        }
    }

    @Test
    void itIsStartedOnce() {
        Listener listener = listener(socket());
        listener.start();
        assertThatThrownBy(listener::start).isInstanceOf(IllegalStateException.class);
        listener.close();
        listener.close();
        assertThat(listener.isRunning()).isFalse();
        assertThatThrownBy(listener::start).isInstanceOf(IllegalStateException.class);
        assertThat(told).containsExactly("shutdown");
    }

    @Test
    void itsCallbackIsToldOfStreamsAndOfTheEnd() throws IOException {
        ListenCallback announced = new ListenCallback() {
            @Override
            public void onNewStream(Stream stream) {
                told.add("stream " + stream.id());
            }

            @Override
            public void onShutdown(String reason) {
                told.add(reason);
            }
        };
        try (Listener listener =
                new Listener(announced, ListenerConfig.builder(socket()).build())) {
            listener.start();
            try (RawClient client = new RawClient(listener.address()).shakeHands()) {
                client.openStream(2);
                await().untilAsserted(() -> assertThat(told).containsExactly("stream 2"));
            }
        }
        assertThat(told).containsExactly("stream 2", "the listener on " + socket() + " was closed");
    }

    @Test
    void theFileOfItsSocketIsRemovedUnlessItIsToStay() throws IOException {
        Path file = Path.of(socket().target());
        Listener removing = listener(socket());
        removing.start();
        removing.close();
        assertThat(file).doesNotExist();

        Listener leaving = listener(socket());
        leaving.start();
        leaving.setUnlinkOnClose(false);
        Object inode = Files.getAttribute(file, "unix:ino");
        leaving.close();
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);

        try (Listener next = listener(socket())) {
            next.start();
            assertThat(next.isRunning()).as("a name that nobody serves is free").isTrue();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void closingEndsItsSessions() {
        try (Duo duo = Duo.of(Variant.USUAL).open()) {
            Duo.Link link = duo.link();
            Session session = link.server().session();
            assertThat(duo.listener().sessions()).containsExactly(session);
            duo.listener().close();
            assertThat(session.isClosed()).isTrue();
            await().until(() -> duo.listener().sessions().isEmpty());
            assertThatThrownBy(() -> link.client().bufferReader().readByte())
                    .hasFieldOrPropertyWithValue("reason", Reason.SESSION_SHUTDOWN);
        }
    }

    @Test
    void itsSessionsTellWhichOfThemShareARegion() {
        SessionManagerConfig.Builder two =
                SessionManagerConfig.builder(socket()).sessions(2);
        try (Listener listener = listener(socket())) {
            listener.start();
            try (SessionManager one = SessionManager.open(two.build());
                    SessionManager other = SessionManager.open(two.build())) {
                await().until(() -> listener.sessions().size() == 4);
                assertThat(regions(one.sessions())).hasSize(1).doesNotContainAnyElementsOf(regions(other.sessions()));
                assertThat(regions(listener.sessions())).hasSize(2);
            }
        }
    }

    private static Set<Long> regions(List<Session> sessions) {
        return sessions.stream().map(Session::regionId).collect(Collectors.toSet());
    }

    @Test
    void connectionsBeyondTheLimitAreClosed() throws IOException {
        try (Duo duo = Duo.of(Variant.USUAL)
                .listener(listener -> listener.maxSessions(2))
                .echo()
                .open()) {
            try (RawClient second = new RawClient(duo.listener().address()).shakeHands()) {
                await().until(() -> duo.listener().sessions().size() == 2);
                try (RawClient third = new RawClient(duo.listener().address())) {
                    third.awaitEnd();
                }
                Payload.roundTrip(duo.stream(), Payload.of(100, 1));
                second.cut();
            }
            await().until(() -> duo.listener().sessions().size() == 1);
            try (RawClient fourth = new RawClient(duo.listener().address()).shakeHands()) {
                await().until(() -> duo.listener().sessions().size() == 2);
            }
        }
    }

    @Test
    void theLimitHoldsForClientsThatShakeHandsTogether() throws IOException {
        try (Duo duo = Duo.of(Variant.USUAL)
                        .listener(listener -> listener.maxSessions(2))
                        .open();
                RawClient first = new RawClient(duo.listener().address());
                RawClient second = new RawClient(duo.listener().address());
                RawClient third = new RawClient(duo.listener().address())) {
            duo.link();
            first.shakeHands();
            second.shakeHands();
            second.awaitEnd();
            third.awaitEnd();
            assertThat(duo.listener().sessions()).hasSize(2);
        }
    }

    @Test
    void aCallbackThatFailsHarmsNobody() {
        ListenCallback failing = new ListenCallback() {
            @Override
            public void onNewStream(Stream stream) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void onNewSession(Session session) {
                throw new ShmipcException(Reason.STREAM_CLOSED, "on purpose");
            }

            @Override
            public void onSessionClosed(Session session) {
                throw new IllegalStateException("on purpose");
            }
        };
        ListenerConfig config = ListenerConfig.builder(socket())
                .config(ShmipcConfig.builder().callbackExecutor(Runnable::run).build())
                .build();
        try (Listener listener = new Listener(failing, config)) {
            listener.start();
            for (int i = 0; i < 3; i++) {
                try (RawClient client = new RawClient(socket()).shakeHands()) {
                    client.openStream(2);
                    await().until(() -> listener.sessions().size() == 1
                            && listener.sessions().get(0).activeStreamCount() == 0);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                await().until(() -> listener.sessions().isEmpty());
            }
        }
    }
}
