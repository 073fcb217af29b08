package io.shmipc.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.server.ListenerConfig;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A place for a server socket, a client and their threads; leaves nothing behind, and says so if it does. */
final class SocketWorld implements AutoCloseable {

    private final Path directory;
    private final ShmipcConfig config;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<ShmipcServerSocket> servers = new ArrayList<>();
    private final List<SessionManager> managers = new ArrayList<>();

    SocketWorld(Path directory, MemoryType memoryType, int regionBytes) {
        this.directory = directory;
        this.config = ShmipcConfig.builder()
                .memoryType(memoryType)
                .regionBytes(regionBytes)
                .pathPrefix(directory.resolve("memory").toString())
                .build();
    }

    ShmipcAddress address() {
        return ShmipcAddress.unix(directory.resolve("server.sock"));
    }

    ListenerConfig listenerConfig() {
        return ListenerConfig.builder(address()).config(config).build();
    }

    /** Makes an unbound server socket. */
    ShmipcServerSocket serverSocket() {
        ShmipcServerSocket server = new ShmipcServerSocket(listenerConfig());
        servers.add(server);
        return server;
    }

    ShmipcServerSocket listen() throws IOException {
        ShmipcServerSocket server = serverSocket();
        server.bind(null);
        return server;
    }

    /** Opens a manager to the server, which must be there. */
    SessionManager connect(int sessions) {
        SessionManager manager = SessionManager.open(SessionManagerConfig.builder(address())
                .config(config)
                .sessions(sessions)
                .build());
        managers.add(manager);
        return manager;
    }

    /** Returns the manager that was opened first. */
    SessionManager manager() {
        return managers.get(0);
    }

    void closeClients() {
        managers.forEach(SessionManager::close);
    }

    <T> Future<T> start(Callable<T> task) {
        return threads.submit(task);
    }

    /** Accepts one connection after the other and copies what it reads, each in a thread of its own. */
    Future<Void> echo(ServerSocket server) {
        return start(() -> {
            while (true) {
                var socket = server.accept();
                Future<Long> unused = start(() -> {
                    try (socket) {
                        return socket.getInputStream().transferTo(socket.getOutputStream());
                    }
                });
            }
        });
    }

    static long bytesInUse(SessionManager manager) {
        return manager.sessions().get(0).metrics().shareMemory().allInUsedShareMemoryInBytes();
    }

    static long fallbacks(SessionManager manager) {
        return manager.sessions().stream()
                .map(Session::metrics)
                .mapToLong(metrics -> metrics.stability().fallbackWriteCount()
                        + metrics.stability().fallbackReadCount())
                .sum();
    }

    @Override
    public void close() throws Exception {
        threads.shutdownNow();
        closeClients();
        for (ShmipcServerSocket server : servers) {
            server.close();
        }
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS))
                .as("all threads have ended")
                .isTrue();
        await("files left behind").untilAsserted(() -> {
            try (var left = Files.list(directory)) {
                assertThat(left).isEmpty();
            }
        });
    }
}
