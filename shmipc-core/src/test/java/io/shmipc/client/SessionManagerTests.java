package io.shmipc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.BackPressureException;
import io.shmipc.BufferReader;
import io.shmipc.ConnectException;
import io.shmipc.InvalidConfigException;
import io.shmipc.MemoryType;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.WaitStrategies;
import io.shmipc.WaitStrategy;
import io.shmipc.server.OpenFiles;
import io.shmipc.session.Duo;
import io.shmipc.session.Echo;
import io.shmipc.session.Payload;
import io.shmipc.session.Variant;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a client's streams and sessions are given out, kept and given back. */
@Timeout(20)
class SessionManagerTests {

    @TempDir
    Path directory;

    private Duo duo;

    @AfterEach
    void close() {
        if (duo != null) {
            duo.close();
        }
    }

    private Duo open(Duo.Builder builder) {
        duo = builder.open();
        return duo;
    }

    private static Duo.Builder sessions(int count) {
        return Duo.of(Variant.USUAL).manager(manager -> manager.sessions(count)).echo();
    }

    @Test
    void streamsComeFromTheSessionsInTurn() {
        SessionManager manager = open(sessions(3)).manager();
        Set<Session> used = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            Stream stream = duo.stream();
            Payload.roundTrip(stream, Payload.of(100, i));
            used.add(stream.session());
        }
        assertThat(manager.sessions()).hasSize(3);
        assertThat(used).containsExactlyInAnyOrderElementsOf(manager.sessions());
        assertThat(duo.stream().session()).isSameAs(manager.sessions().get(0));
    }

    @Test
    void unhealthySessionsArePassedOver() {
        SessionManager manager = open(sessions(3).region(1 << 20, 4076)).manager();
        Stream greedy = duo.stream();
        Session sick = greedy.session();
        while (sick.metrics().stability().allocShmErrorCount() == 0) {
            greedy.bufferWriter().reserve(4076);
        }
        while (sick.isHealthy()) {
            Stream stream = sick.openStream();
            stream.bufferWriter().reserve(4076);
            try (stream) {
                stream.flush();
            }
        }
        for (int i = 0; i < 9; i++) {
            assertThat(duo.stream().session()).isNotSameAs(sick);
        }
        assertThat(manager.sessions()).contains(sick);
        greedy.close();
    }

    @Test
    void anOpenSessionTellsWhyThereIsNoStreamThoughItIsTheTurnOfALostOne() {
        Duration never = Duration.ofHours(1);
        SessionManager manager = open(sessions(2)
                        .region(1 << 20, 4076)
                        .manager(config ->
                                config.sessions(2).rebuildInterval(never).maxRebuildInterval(never)))
                .manager();
        Stream greedy = duo.stream();
        Session sick = greedy.session();
        Session lost = duo.stream().session();
        assertThat(lost).isNotSameAs(sick);
        while (sick.metrics().stability().allocShmErrorCount() == 0) {
            greedy.bufferWriter().reserve(4076);
        }
        greedy.flush();
        lost.close();
        await().until(() -> lost.isClosed() && !sick.isHealthy());
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(manager::getStream)
                    .isInstanceOfSatisfying(
                            BackPressureException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.SESSION_UNHEALTHY))
                    .hasMessageContaining(sick.id());
        }
    }

    @Test
    void aStreamThatWasPutBackIsGivenOutAgain() {
        SessionManager manager = open(sessions(1)).manager();
        Stream first = manager.getStream();
        Payload.roundTrip(first, new byte[10]);
        first.setDeadline(Instant.now().plusSeconds(5));
        manager.putBack(first);
        Stream second = manager.getStream();
        assertThat(second.id()).isEqualTo(first.id());
        Payload.roundTrip(second, new byte[10]);
        manager.putBack(second);
        assertThat(manager.sessions().get(0).activeStreamCount()).isEqualTo(1);
    }

    @Test
    void aStreamThatIsPutBackTwiceIsRefusedTheSecondTime() {
        SessionManager manager = open(sessions(1)).manager();
        Stream stream = manager.getStream();
        manager.putBack(stream);
        assertThatThrownBy(() -> manager.putBack(stream))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stream " + stream.id());
        assertThat(manager.getStream()).isSameAs(stream);
        assertThat(manager.getStream()).isNotSameAs(stream);
    }

    @Test
    void aCallbackMayPutItsStreamBackForTheNextUser() throws Exception {
        SessionManager manager = open(sessions(1)).manager();
        for (int i = 0; i < 200; i++) {
            Stream stream = manager.getStream();
            CompletableFuture<Integer> answer = new CompletableFuture<>();
            stream.setCallbacks(new Echo(stream) {
                @Override
                public void onData(BufferReader reader) {
                    int value = reader.readInt();
                    reader.releasePreviousRead();
                    manager.putBack(stream);
                    answer.complete(value);
                }
            });
            stream.bufferWriter().writeInt(i);
            stream.flush();
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(i);
            Stream next = manager.getStream();
            assertThat(next).isSameAs(stream);
            Payload.roundTrip(next, Payload.of(100, i));
            manager.putBack(next);
        }
    }

    @Test
    void aStreamThatHoldsAnythingIsClosedInsteadOfKept() {
        SessionManager manager = open(sessions(1)).manager();
        Stream withUnsent = manager.getStream();
        withUnsent.bufferWriter().writeInt(1);
        manager.putBack(withUnsent);
        Stream withUnread = manager.getStream();
        Payload.send(withUnread, new byte[9]);
        withUnread.bufferReader().readByte();
        manager.putBack(withUnread);
        assertThat(withUnsent.isOpen()).isFalse();
        assertThat(withUnread.isOpen()).isFalse();
        Payload.roundTrip(duo.stream(), new byte[10]);
    }

    @Test
    void anAnswerThatComesTooLateReachesNobodyElse() {
        SessionManager manager = open(Duo.of(Variant.USUAL)).manager();
        Duo.Link link = duo.link();
        manager.putBack(link.client());
        Payload.send(link.server(), new byte[] {66});
        await().until(() -> manager.sessions().get(0).metrics().performance().inFlowBytes() == 1);
        Stream next = duo.stream();
        assertThat(next.id()).isNotEqualTo(link.client().id());
        assertThat(next.bufferReader().length()).isZero();
    }

    @Test
    void noMoreStreamsAreKeptThanThePoolHolds() {
        SessionManager manager =
                open(sessions(1).manager(m -> m.maxPooledStreams(2))).manager();
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Stream stream = manager.getStream();
            Payload.roundTrip(stream, new byte[1]);
            streams.add(stream);
        }
        streams.forEach(manager::putBack);
        assertThat(streams.stream().filter(Stream::isOpen)).hasSize(2);
        assertThat(manager.sessions().get(0).activeStreamCount()).isEqualTo(2);
    }

    @Test
    void idleStreamsAreClosedAfterAWhile() {
        SessionManager manager = open(sessions(1).manager(m -> m.streamMaxIdleTime(Duration.ofMillis(60))))
                .manager();
        Stream used = manager.getStream();
        Stream idle = manager.getStream();
        Payload.roundTrip(used, new byte[1]);
        Payload.roundTrip(idle, new byte[1]);
        manager.putBack(idle);
        await().until(() -> !idle.isOpen());
        assertThat(used.isOpen()).isTrue();
        used.close();
        await().until(() -> manager.sessions().get(0).activeStreamCount() == 0);
    }

    @Test
    void workPutsItsStreamBackUnlessItFails() {
        SessionManager manager = open(sessions(1)).manager();
        Stream kept = manager.execute(stream -> {
            Payload.roundTrip(stream, new byte[5]);
            return stream;
        });
        assertThat(kept.isOpen()).isTrue();
        Stream[] failed = new Stream[1];
        assertThatThrownBy(() -> manager.execute(stream -> {
                    failed[0] = stream;
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");
        assertThat(failed[0]).isSameAs(kept);
        assertThat(kept.isOpen()).isFalse();
    }

    @Test
    void aStreamOfSomebodyElseIsNotTakenBack() {
        open(Duo.of(Variant.USUAL));
        Duo.Link link = duo.link();
        Stream foreign = (Stream) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Stream.class}, (proxy, method, arguments) -> null);
        assertThatThrownBy(() -> duo.manager().putBack(foreign)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> duo.manager().putBack(link.server())).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(MemoryType.class)
    void closingTwiceGivesTheMemoryBackOnce(MemoryType memory) {
        Variant variant = memory == MemoryType.FILE ? Variant.FILES : Variant.USUAL;
        int memfds = OpenFiles.countNaming("memfd:");
        open(Duo.of(variant).manager(manager -> manager.sessions(3)).echo());
        Stream stream = duo.stream();
        Payload.roundTrip(stream, new byte[100]);
        stream.close();
        duo.manager().close();
        duo.manager().close();
        assertThat(duo.manager().isClosed()).isTrue();
        assertThatThrownBy(duo.manager()::getStream)
                .isInstanceOf(SessionClosedException.class)
                .hasMessageContaining("is closed");
        await().untilAsserted(() -> assertThat(duo.files()).isEmpty());
        await().untilAsserted(() -> assertThat(OpenFiles.countNaming("memfd:")).isLessThanOrEqualTo(memfds));
    }

    @Test
    void memoryGoesBackAlsoWhenAnotherThreadClosedTheStream() throws Exception {
        open(Duo.of(Variant.FILES).echo());
        Stream stream = duo.stream();
        Payload.roundTrip(stream, new byte[100]);
        Thread closer = new Thread(stream::close);
        closer.start();
        closer.join();
        duo.manager().close();
        duo.listener().close();
        await().untilAsserted(() -> assertThat(
                        OpenFiles.countNaming(duo.manager().config().config().pathPrefix()))
                .isZero());
    }

    @Test
    void theGlobalManagerIsMadeOnce() {
        open(Duo.of(Variant.USUAL).echo());
        SessionManager global = SessionManager.initGlobal(duo.manager().config());
        try {
            assertThat(SessionManager.initGlobal(duo.manager().config())).isSameAs(global);
            assertThat(SessionManager.global()).isSameAs(global);
        } finally {
            global.close();
        }
        SessionManager next = SessionManager.initGlobal(duo.manager().config());
        assertThat(next).isNotSameAs(global);
        next.close();
    }

    @Test
    void aServerThatIsNotThereIsAClearError() {
        SessionManagerConfig config = SessionManagerConfig.builder(ShmipcAddress.unix(directory.resolve("nobody")))
                .build();
        assertThatThrownBy(() -> SessionManager.open(config))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("nobody")
                .hasMessageContaining("Start the server")
                .hasFieldOrPropertyWithValue("reason", Reason.CONNECTION_FAILED);
    }

    @Test
    void whateverMakesOpeningFailTheEventLoopIsGivenBack() {
        SessionManagerConfig unsweepable = SessionManagerConfig.builder(ShmipcAddress.unix(directory.resolve("nobody")))
                .config(ShmipcConfig.builder()
                        .memoryType(MemoryType.FILE)
                        .pathPrefix("/dev/shm/with\0nul")
                        .build())
                .build();
        assertThatThrownBy(() -> SessionManager.open(unsweepable)).isInstanceOf(RuntimeException.class);
        await().until(() -> threadsNamed("shmipc-event-loop") == 0);
    }

    @Test
    void aManagerThatOpensByHalfIsClosedWhateverTheReason() {
        open(Duo.of(Variant.USUAL));
        AtomicInteger waitings = new AtomicInteger();
        WaitStrategy failingTheSecondTime = () -> {
            if (waitings.incrementAndGet() == 2) {
                throw new IllegalStateException("thrown by the test");
            }
            return WaitStrategies.PARK.newWaiting();
        };
        SessionManagerConfig half = SessionManagerConfig.builder(duo.listener().address())
                .config(ShmipcConfig.builder()
                        .waitStrategy(failingTheSecondTime)
                        .build())
                .sessions(2)
                .build();
        await().until(() -> duo.listener().sessions().size() == 1);
        assertThatThrownBy(() -> SessionManager.open(half)).hasMessageContaining("thrown by the test");
        assertThat(waitings).hasValue(2);
        await().until(() -> duo.listener().sessions().size() == 1);
        duo.close();
        duo = null;
        await().until(() -> threadsNamed("shmipc-event-loop") == 0);
    }

    private static long threadsNamed(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .count();
    }

    @Test
    void memfdsOverTcpAreRefusedAtOnce() {
        assertThatThrownBy(() -> SessionManagerConfig.builder(ShmipcAddress.tcp("127.0.0.1", 1))
                        .config(ShmipcConfig.defaults())
                        .build())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("memoryType");
    }
}
