package io.shmipc.interop;

import io.shmipc.BufferReader;
import io.shmipc.MemoryType;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.interop.Frames.Frame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client over this project's engine: sends frames, waits for each reply, and checks it.
 *
 * <p><b>Threads:</b> any.
 */
public final class CallingClient implements AutoCloseable {

    public static final Duration DEADLINE = Duration.ofSeconds(30);

    private final SessionManager manager;
    private final String prefix;
    private final AtomicLong sequence = new AtomicLong();

    public CallingClient(SessionManager manager, String prefix) {
        this.manager = manager;
        this.prefix = prefix;
    }

    /** Connects with the given memory; names come from the workspace. */
    public static CallingClient connect(ServerPeer server, MemoryType memory, Workspace workspace, int regionBytes) {
        return connect(server.address(), server.prefix(), config(memory, workspace, regionBytes));
    }

    public static CallingClient connect(ShmipcAddress address, String prefix, ShmipcConfig config) {
        SessionManagerConfig managerConfig =
                SessionManagerConfig.builder(address).config(config).build();
        return new CallingClient(SessionManager.open(managerConfig), prefix);
    }

    static ShmipcConfig config(MemoryType memory, Workspace workspace, int regionBytes) {
        return ShmipcConfig.builder()
                .memoryType(memory)
                .pathPrefix(workspace.pathPrefix())
                .regionBytes(regionBytes)
                .build();
    }

    public SessionManager manager() {
        return manager;
    }

    public Session session() {
        return manager.sessions().get(0);
    }

    /** Returns a number that grows from call to call. */
    long nextSequence() {
        return sequence.incrementAndGet();
    }

    @Override
    public void close() {
        manager.close();
    }

    // ---------------------------------------------------------------- one call

    /** Sends a request and waits for its reply on the calling thread; returns its number. */
    public long call(Stream stream, int size) {
        long request = nextSequence();
        call(stream, request, size, prefix);
        return request;
    }

    /** Sends a request of a given number and waits likewise. */
    public static void call(Stream stream, long request, int size, String prefix) {
        stream.setDeadline(Instant.now().plus(DEADLINE));
        Frames.send(stream, request, "", ByteBuffer.wrap(Frames.pattern(size, request)));
        Frames.read(stream.bufferReader()).requireReply(request, size, prefix);
        stream.bufferReader().releasePreviousRead();
    }

    /** Receives replies where they arrive; one thread at a time calls. */
    public final class Replies implements StreamCallbacks {

        private static final String CLOSED = "the server's close";

        private final Stream stream;
        private final LinkedBlockingQueue<Object> outcomes = new LinkedBlockingQueue<>();
        private volatile long request;
        private volatile int size;

        public Replies(Stream stream) {
            this.stream = stream;
            stream.setCallbacks(this);
        }

        void call(int bytes) throws InterruptedException {
            if (!tryCall(bytes)) {
                throw new AssertionError("the server closed the stream before it answered call " + request);
            }
        }

        /** Returns false if the stream was closed instead of answered. */
        public boolean tryCall(int bytes) throws InterruptedException {
            long number = nextSequence();
            size = bytes;
            request = number;
            Frames.send(stream, number, "", ByteBuffer.wrap(Frames.pattern(bytes, number)));
            Object outcome = outcomes.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            if (CLOSED.equals(outcome)) {
                return false;
            }
            if (!Long.valueOf(number).equals(outcome)) {
                throw new AssertionError("call " + number + " of " + bytes + " bytes ended with "
                        + (outcome == null ? "nothing within " + DEADLINE : outcome));
            }
            return true;
        }

        @Override
        public void onData(BufferReader reader) {
            try {
                Frame frame = Frames.poll(reader);
                if (frame != null) {
                    frame.requireReply(request, size, prefix);
                    outcomes.add(frame.sequence());
                }
            } catch (RuntimeException e) {
                outcomes.add(e);
                throw e;
            }
        }

        @Override
        public void onLocalClose() {}

        @Override
        public void onRemoteClose() {
            outcomes.add(CLOSED);
        }
    }

    // ---------------------------------------------------------------- many calls

    /** Makes all the calls of a cell; throws what the first one that failed threw. */
    void run(Cell cell) {
        List<Stream> bystanders = new ArrayList<>();
        for (int i = cell.callers(); i < cell.streams(); i++) {
            Stream stream = manager.getStream();
            call(stream, 100);
            bystanders.add(stream);
        }
        inParallel(cell.callers(), index -> {
            if (cell.clientMode() == Cell.Mode.CALLBACK) {
                callBack(cell);
            } else {
                callBlocking(cell);
            }
        });
        for (Stream stream : bystanders) {
            call(stream, 100);
            stream.close();
        }
    }

    private void callBack(Cell cell) throws InterruptedException {
        try (Stream stream = manager.getStream()) {
            Replies replies = new Replies(stream);
            for (int i = 0; i < cell.callsPerStream(); i++) {
                replies.call(cell.size());
            }
        }
    }

    /** Takes a stream from the pool for each call. */
    private void callBlocking(Cell cell) {
        for (int i = 0; i < cell.callsPerStream(); i++) {
            manager.execute(stream -> call(stream, cell.size()));
        }
    }

    /** Work of one of several threads. */
    @FunctionalInterface
    public interface Work {
        void run(int index) throws Exception;
    }

    /** Runs work on a number of threads at once; throws what the first one that failed threw. */
    public static void inParallel(int threads, Work work) {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int index = i;
                futures.add(executor.submit(() -> {
                    work.run(index);
                    return null;
                }));
            }
            for (Future<?> future : futures) {
                future.get(2 * DEADLINE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().toString(), e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("calls did not end in time", e);
        } finally {
            executor.shutdownNow();
        }
    }
}
