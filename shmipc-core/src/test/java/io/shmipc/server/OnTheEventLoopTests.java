package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.ListenCallback;
import io.shmipc.MemoryType;
import io.shmipc.Network;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.WaitStrategies;
import io.shmipc.channel.EventLoop;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.session.Duo;
import io.shmipc.session.Variant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callbacks may call that run on the event loop, because their executor is {@code Runnable::run}. */
@Timeout(60)
class OnTheEventLoopTests {

    private static final Variant INLINE = new Variant(MemoryType.MEMFD, Network.UNIX, true, WaitStrategies.ADAPTIVE);

    /** For how long {@code close()} waits on any other thread. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    @Test
    void aSessionManagerIsClosedThereWithoutAWait() throws Exception {
        try (Duo duo = Duo.of(INLINE).open()) {
            Session session = duo.clientSession();
            Duration took = onLoop(() -> {
                long beganNanos = System.nanoTime();
                duo.manager().close();
                return Duration.ofNanos(System.nanoTime() - beganNanos);
            });
            assertThat(took).isLessThan(CLOSE_TIMEOUT);
            await().until(() -> session.closeFuture().toCompletableFuture().isDone());
        }
    }

    @Test
    void aConnectionIsNotAcceptedThere() {
        ListenerConfig config = ListenerConfig.builder(address()).build();
        assertThatThrownBy(() -> onLoop(() -> ServerSessions.accept(1_000_000, config)))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ServerSessions.accept")
                .hasMessageContaining("callbackExecutor");
    }

    @Test
    void aListenerIsNotDrainedThere() {
        try (Duo duo = Duo.of(INLINE).open()) {
            assertThatThrownBy(() -> onLoop(() -> duo.listener().drain(Duration.ofSeconds(1))))
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Listener.drain");
        }
    }

    @Test
    void aListenerThatIsBeingClosedAnswersThere() throws Exception {
        List<Session> ended = new CopyOnWriteArrayList<>();
        CompletableFuture<Listener> closing = new CompletableFuture<>();
        Listener listener = new Listener(
                new ListenCallback() {
                    @Override
                    public void onNewStream(Stream stream) {}

                    @Override
                    public void onSessionClosed(Session session) {
                        assertThat(closing.join().sessions()).doesNotContain(session);
                        ended.add(session);
                    }
                },
                ListenerConfig.builder(address())
                        .config(ShmipcConfig.builder()
                                .callbackExecutor(Runnable::run)
                                .build())
                        .build());
        closing.complete(listener);
        listener.start();
        try (SessionManager manager = SessionManager.open(
                SessionManagerConfig.builder(address()).sessions(4).build())) {
            await().until(() -> listener.sessions().size() == 4);
            List<Session> sessions = listener.sessions();
            listener.close();
            assertThat(sessions)
                    .allMatch(session ->
                            session.closeFuture().toCompletableFuture().isDone());
            await().until(() -> ended.size() == 4);
            assertThat(manager.isClosed()).isFalse();
        }
    }

    private ShmipcAddress address() {
        return ShmipcAddress.unix(directory.resolve("socket"));
    }

    /** Runs a call as an inline callback would. */
    private static <T> T onLoop(Callable<T> call) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        EventLoop loop = EventLoop.acquire();
        try {
            loop.execute(() -> {
                try {
                    result.complete(call.call());
                } catch (Exception e) {
                    result.completeExceptionally(e);
                }
            });
            return result.get(30, TimeUnit.SECONDS);
        } finally {
            EventLoop.release();
        }
    }
}
