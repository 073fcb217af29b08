package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.BufferReader;
import io.shmipc.HotRestartException;
import io.shmipc.ListenCallback;
import io.shmipc.MemoryType;
import io.shmipc.Reason;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.channel.EventLoop;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class HotRestartTests {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(MemoryType.class)
    void noCallIsLostWhileServersReplaceEachOtherUnderLoad(MemoryType memoryType) throws Exception {
        ShmipcAddress address = ShmipcAddress.unix(directory.resolve("server.sock"));
        Listener current = start(address);
        ExecutorService callers = Executors.newFixedThreadPool(4);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong calls = new AtomicLong();
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(memoryType)
                .regionBytes(1 << 20)
                .pathPrefix(directory.resolve("memory").toString())
                .build();
        try (SessionManager manager = SessionManager.open(
                SessionManagerConfig.builder(address).config(config).sessions(2).build())) {
            List<Future<?>> loads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                loads.add(callers.submit(() -> {
                    while (!stop.get()) {
                        call(manager, calls.incrementAndGet());
                    }
                }));
            }
            for (int epoch = 1; epoch <= 5; epoch++) {
                Listener serving = current;
                await("clients in their handshakes refuse a restart")
                        .until(() -> serving.sessions().size() == 2);
                Listener successor = start(address);
                current.hotRestart(epoch).toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThat(current.isHotRestartDone()).isTrue();
                assertThat(current.drain(Duration.ofSeconds(20)))
                        .as("the old sessions have no streams left")
                        .isTrue();
                current.close();
                current = successor;
                long before = calls.get();
                await().until(() -> calls.get() > before + 100);
            }
            stop.set(true);
            for (Future<?> load : loads) {
                load.get(20, TimeUnit.SECONDS);
            }
            assertThat(manager.sessions()).hasSize(2).allMatch(session -> !session.isClosed());
        } finally {
            stop.set(true);
            callers.shutdownNow();
            current.close();
        }
    }

    @Test
    void aRestartThatNoClientCanFollowFailsAndCanBeAskedAgain() throws Exception {
        ShmipcAddress address = ShmipcAddress.unix(directory.resolve("server.sock"));
        try (Listener old = start(address);
                SessionManager manager = SessionManager.open(
                        SessionManagerConfig.builder(address).build())) {
            call(manager, 1);
            directory.resolve("server.sock").toFile().delete();

            var restart = old.hotRestart(1).toCompletableFuture();
            assertThatThrownBy(() -> old.hotRestart(2))
                    .isInstanceOfSatisfying(
                            HotRestartException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.HOT_RESTART_IN_PROGRESS));
            assertThatThrownBy(() -> restart.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(HotRestartException.class);

            call(manager, 2);
            try (Listener successor = start(address)) {
                old.hotRestart(3).toCompletableFuture().get(20, TimeUnit.SECONDS);
                call(manager, 3);
                assertThat(successor.sessions()).hasSize(1);
            }
        }
    }

    @Test
    void aSessionThatDiesMeanwhileDoesNotMakeTheRestartFail() throws Exception {
        ShmipcAddress address = ShmipcAddress.unix(directory.resolve("server.sock"));
        try (Listener old = start(address)) {
            SessionManager manager =
                    SessionManager.open(SessionManagerConfig.builder(address).build());
            call(manager, 1);
            directory.resolve("server.sock").toFile().delete();
            var restart = old.hotRestart(1).toCompletableFuture();
            manager.close();
            restart.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void overTcpClientsReachTheSuccessorOnly() throws Exception {
        Listener old = start(ShmipcAddress.tcp("127.0.0.1", 0));
        try (old;
                SessionManager manager = open(old.address());
                Listener successor = start(old.address())) {
            call(manager, 1);
            await().until(() -> old.sessions().size() + successor.sessions().size() == 1);
            old.hotRestart(1).toCompletableFuture().get(20, TimeUnit.SECONDS);
            int before = old.sessions().size();
            List<SessionManager> clients = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                SessionManager client = open(old.address());
                clients.add(client);
                call(client, i);
            }
            assertThat(old.sessions()).hasSizeLessThanOrEqualTo(before);
            assertThat(successor.sessions()).hasSizeGreaterThanOrEqualTo(clients.size());
            clients.forEach(SessionManager::close);
        }
    }

    @Test
    void overTcpAListenerAcceptsClientsAgainWhenItsRestartFailed() throws Exception {
        try (Listener old = start(ShmipcAddress.tcp("127.0.0.1", 0));
                SessionManager manager = open(old.address())) {
            call(manager, 1);
            var restart = old.hotRestart(1).toCompletableFuture();
            assertThatThrownBy(() -> restart.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(HotRestartException.class);
            try (SessionManager another = open(old.address())) {
                call(another, 2);
            }
            call(manager, 3);
        }
    }

    @Test
    void aClientIsClosedWithoutWaitingForASuccessorThatSaysNothing() throws Exception {
        ShmipcAddress address = ShmipcAddress.unix(directory.resolve("server.sock"));
        ShmipcConfig patient =
                ShmipcConfig.builder().initializeTimeout(Duration.ofSeconds(50)).build();
        try (Listener old = start(address);
                SessionManager manager = SessionManager.open(
                        SessionManagerConfig.builder(address).config(patient).build());
                ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            call(manager, 1);
            directory.resolve("server.sock").toFile().delete();
            silent.bind(UnixDomainSocketAddress.of(address.target()));
            old.hotRestart(1);
            try (SocketChannel unanswered = silent.accept()) {
                assertThat(CompletableFuture.runAsync(manager::close)).succeedsWithin(Duration.ofSeconds(20));
                assertThat(unanswered.isOpen()).isTrue();
            }
        }
    }

    @Test
    void aRestartThatComesWhenItsListenerHasClosedIsRefused() {
        EventLoop loop = EventLoop.acquire();
        ListenerConfig config = ListenerConfig.builder(ShmipcAddress.unix(directory.resolve("server.sock")))
                .build();
        Acceptor acceptor = new Acceptor(ListeningSocket.bind(config), config, new Echo(), loop);
        acceptor.start();
        loop.execute(() -> acceptor.stop(true));
        EventLoop.release();
        assertThat(CompletableFuture.supplyAsync(() -> acceptor.hotRestart(1).isDone()))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(IllegalStateException.class)
                .withMessageContaining("server.sock was closed");
    }

    private SessionManager open(ShmipcAddress address) {
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(MemoryType.FILE)
                .regionBytes(1 << 20)
                .pathPrefix(directory.resolve("memory").toString())
                .build();
        return SessionManager.open(
                SessionManagerConfig.builder(address).config(config).build());
    }

    private Listener start(ShmipcAddress address) {
        Listener listener = new Listener(
                new Echo(),
                ListenerConfig.builder(address)
                        .takeOver(true)
                        .config(ShmipcConfig.builder()
                                .pathPrefix(directory.resolve("memory").toString())
                                .build())
                        .build());
        listener.start();
        return listener;
    }

    private static void call(SessionManager manager, long number) {
        long answer = manager.execute(stream -> {
            stream.bufferWriter().writeLong(number);
            stream.flush();
            long reply = stream.bufferReader().readLong();
            stream.bufferReader().releasePreviousRead();
            return reply;
        });
        assertThat(answer).isEqualTo(-number);
    }

    /** Answers each number with its negative. */
    private static final class Echo implements ListenCallback {
        @Override
        public void onNewStream(Stream stream) {
            stream.setCallbacks(new StreamCallbacks() {
                @Override
                public void onData(BufferReader reader) {
                    while (reader.length() >= Long.BYTES) {
                        stream.bufferWriter().writeLong(-reader.readLong());
                        stream.flush();
                    }
                }

                @Override
                public void onLocalClose() {}

                @Override
                public void onRemoteClose() {}
            });
        }
    }
}
