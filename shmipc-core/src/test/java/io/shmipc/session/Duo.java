package io.shmipc.session;

import io.shmipc.ListenCallback;
import io.shmipc.Network;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.SliceSize;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** A listener and a session manager of one process that talk to each other; closing it leaves nothing behind. */
public final class Duo implements AutoCloseable {

    /** Two ends of one stream. */
    public record Link(Stream client, Stream server) {}

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(2));
        Awaitility.setDefaultPollDelay(Duration.ZERO);
    }

    private final Path directory;
    private final String prefix;
    private final BlockingQueue<Stream> accepted = new LinkedBlockingQueue<>();
    private final Queue<Stream> opened = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Session> serverSessions = new LinkedBlockingQueue<>();
    private final Listener listener;
    private final SessionManager manager;

    private Duo(Builder builder) {
        directory = temporaryDirectory();
        prefix = "/dev/shm/duo-" + UUID.randomUUID();
        ShmipcAddress address = builder.variant.network() == Network.UNIX
                ? ShmipcAddress.unix(directory.resolve("socket"))
                : ShmipcAddress.tcp("127.0.0.1", 0);
        Consumer<Stream> onStream = builder.onStream == null ? accepted::add : builder.onStream;
        listener = new Listener(
                new ListenCallback() {
                    @Override
                    public void onNewStream(Stream stream) {
                        onStream.accept(stream);
                    }

                    @Override
                    public void onNewSession(Session session) {
                        serverSessions.add(session);
                    }
                },
                builder.listener
                        .apply(ListenerConfig.builder(address))
                        .config(builder.server.apply(config(builder)).build())
                        .build());
        listener.start();
        manager = openManager(builder);
    }

    private SessionManager openManager(Builder builder) {
        try {
            return SessionManager.open(builder.manager
                    .apply(SessionManagerConfig.builder(listener.address()))
                    .config(builder.client.apply(config(builder)).build())
                    .build());
        } catch (RuntimeException e) {
            listener.close();
            delete(directory);
            throw e;
        }
    }

    private ShmipcConfig.Builder config(Builder builder) {
        Variant variant = builder.variant;
        return builder.both.apply(ShmipcConfig.builder()
                .memoryType(variant.memory())
                .pathPrefix(prefix)
                .regionBytes(2 << 20)
                .callbackExecutor(variant.inline() ? Runnable::run : null)
                .waitStrategy(variant.waiting()));
    }

    /** Returns what makes a duo; by default streams of the server side wait to be {@link #accept accepted}. */
    public static Builder of(Variant variant) {
        return new Builder(variant);
    }

    /** Returns the server side. */
    public Listener listener() {
        return listener;
    }

    /** Returns the client side. */
    public SessionManager manager() {
        return manager;
    }

    /** Returns the client's first session. */
    public Session clientSession() {
        return manager.sessions().get(0);
    }

    /** Returns the server's next session. */
    public Session serverSession() {
        return poll(serverSessions);
    }

    /** Returns the next stream that the server side was told of. */
    public Stream accept() {
        Stream stream = poll(accepted);
        opened.add(stream);
        return stream;
    }

    /** Returns a stream of the client side. */
    public Stream stream() {
        Stream stream = manager.getStream();
        opened.add(stream);
        return stream;
    }

    /** Returns how many streams wait to be accepted. */
    public int unaccepted() {
        return accepted.size();
    }

    /** Opens a stream, and lets the server side know it. */
    public Link link() {
        Stream client = stream();
        client.bufferWriter().writeByte((byte) 1);
        client.flush();
        Stream server = accept();
        server.bufferReader().readByte();
        server.bufferReader().releasePreviousRead();
        return new Link(client, server);
    }

    /** Another client of the listener. */
    public record Closing(SessionManager manager, Duration took) implements AutoCloseable {
        @Override
        public void close() {
            manager.close();
        }
    }

    /** Opens another session manager for the listener, and times that. */
    public Closing anotherClient() {
        long begin = System.nanoTime();
        SessionManager other = SessionManager.open(manager.config());
        return new Closing(other, Duration.ofNanos(System.nanoTime() - begin));
    }

    /** Returns the names in /dev/shm that are this duo's. */
    public List<Path> files() {
        return filesOf(prefix);
    }

    /** Returns the names in /dev/shm that begin with a prefix. */
    public static List<Path> filesOf(String prefix) {
        try (var files = Files.list(Path.of("/dev/shm"))) {
            return files.filter(file -> file.toString().startsWith(prefix)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a new directory that is short enough for the path of a socket. */
    public static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("duo");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes a directory and the files in it. */
    public static void delete(Path directory) {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T poll(BlockingQueue<T> queue) {
        try {
            T found = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (found == null) {
                throw new AssertionError("nothing came for " + PATIENCE);
            }
            return found;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        opened.forEach(Stream::close);
        manager.close();
        listener.close();
        delete(directory);
    }

    /** Collects what differs from the usual. */
    public static final class Builder {

        private final Variant variant;
        private UnaryOperator<ShmipcConfig.Builder> both = config -> config;
        private UnaryOperator<ShmipcConfig.Builder> server = config -> config;
        private UnaryOperator<ShmipcConfig.Builder> client = config -> config;
        private UnaryOperator<ListenerConfig.Builder> listener = config -> config;
        private UnaryOperator<SessionManagerConfig.Builder> manager = config -> config;
        private Consumer<Stream> onStream;

        private Builder(Variant variant) {
            this.variant = variant;
        }

        /** Changes both sides' sessions. */
        public Builder config(UnaryOperator<ShmipcConfig.Builder> change) {
            both = change;
            return this;
        }

        /** Changes the server's sessions. */
        public Builder server(UnaryOperator<ShmipcConfig.Builder> change) {
            server = change;
            return this;
        }

        /** Changes the client's sessions. */
        public Builder client(UnaryOperator<ShmipcConfig.Builder> change) {
            client = change;
            return this;
        }

        /** Changes the listener. */
        public Builder listener(UnaryOperator<ListenerConfig.Builder> change) {
            listener = change;
            return this;
        }

        /** Changes the session manager. */
        public Builder manager(UnaryOperator<SessionManagerConfig.Builder> change) {
            manager = change;
            return this;
        }

        /** Sets what is done with the streams of the server side. */
        public Builder onStream(Consumer<Stream> value) {
            onStream = value;
            return this;
        }

        /** Makes the server side send back whatever it gets. */
        public Builder echo() {
            return onStream(stream -> stream.setCallbacks(new Echo(stream)));
        }

        /** Makes the region of one list, so that a test knows how many slices there are. */
        public Builder region(int bytes, int sliceBytes) {
            return config(config -> config.regionBytes(bytes).sliceSizes(List.of(new SliceSize(sliceBytes, 100))));
        }

        /** Starts both sides. */
        public Duo open() {
            return new Duo(this);
        }
    }
}
