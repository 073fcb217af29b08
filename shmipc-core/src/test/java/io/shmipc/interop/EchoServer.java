package io.shmipc.interop;

import io.shmipc.BufferReader;
import io.shmipc.ListenCallback;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcAddress;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.StreamClosedException;
import io.shmipc.interop.Frames.Frame;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * A server over this project's engine: checks each frame and sends it back behind its prefix.
 *
 * <p><b>Threads:</b> any; each stream is served by one at a time.
 */
public final class EchoServer implements ServerPeer, ListenCallback {

    public static final String PREFIX = "java:";

    /** How a stream gets its thread. */
    public enum Serving {
        /** A platform thread for each stream reads it. */
        THREADS,
        /** The callback that announces a stream stays and reads it; its thread is a virtual one where there are any. */
        ANNOUNCEMENT,
        /** Callbacks of the stream, one frame each. */
        CALLBACKS
    }

    private final Listener listener;
    private final Serving serving;
    private final int closeAfter;
    private final LongAdder streams = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder aborted = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder replied = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final AtomicInteger threads = new AtomicInteger();
    private final AtomicReference<String> firstError = new AtomicReference<>("");

    /** Streams that are being served; empty again when all have ended. */
    private final ConcurrentHashMap<Stream, Boolean> open = new ConcurrentHashMap<>();

    private EchoServer(ListenerConfig config, Serving serving, int closeAfter) {
        this.serving = serving;
        this.closeAfter = closeAfter;
        this.listener = new Listener(this, config);
    }

    /** Starts a server. */
    public static EchoServer start(ShmipcAddress address, Serving serving) {
        return start(address, serving, Integer.MAX_VALUE);
    }

    /** Starts a server that closes a stream after a number of replies. */
    static EchoServer start(ShmipcAddress address, Serving serving, int closeAfter) {
        return start(ListenerConfig.builder(address).build(), serving, closeAfter);
    }

    /** Starts a server that listens as the configuration says. */
    public static EchoServer start(ListenerConfig config, Serving serving) {
        return start(config, serving, Integer.MAX_VALUE);
    }

    private static EchoServer start(ListenerConfig config, Serving serving, int closeAfter) {
        EchoServer server = new EchoServer(config, serving, closeAfter);
        server.listener.start();
        return server;
    }

    static Serving serving(Cell.Mode mode) {
        return mode == Cell.Mode.SYNC ? Serving.THREADS : Serving.CALLBACKS;
    }

    @Override
    public ShmipcAddress address() {
        return listener.address();
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    /** Returns what accepts the clients. */
    public Listener listener() {
        return listener;
    }

    public List<Session> sessions() {
        return listener.sessions();
    }

    public int openStreams() {
        return open.size();
    }

    @Override
    public Totals totals() {
        return new Totals(
                streams.sum(),
                ended.sum(),
                aborted.sum(),
                received.sum(),
                replied.sum(),
                errors.sum(),
                firstError.get());
    }

    @Override
    public Totals finish() {
        close();
        return totals();
    }

    @Override
    public void close() {
        listener.close();
    }

    // ---------------------------------------------------------------- streams

    @Override
    public void onNewStream(Stream stream) {
        streams.increment();
        open.put(stream, true);
        Conversation conversation = new Conversation(stream);
        switch (serving) {
            case CALLBACKS -> stream.setCallbacks(conversation);
            case ANNOUNCEMENT -> conversation.serve();
            case THREADS -> new Thread(conversation::serve, "echo-" + threads.incrementAndGet()).start();
        }
    }

    private void failed(Throwable e) {
        errors.increment();
        firstError.compareAndSet("", e.toString());
    }

    /** One stream and what is remembered of it. */
    private final class Conversation implements StreamCallbacks {

        private final Stream stream;
        private long last;
        private int replies;

        Conversation(Stream stream) {
            this.stream = stream;
        }

        void serve() {
            BufferReader reader = stream.bufferReader();
            try (stream) {
                while (replies < closeAfter) {
                    answer(Frames.read(reader));
                    reader.releasePreviousRead();
                }
                ended.increment();
            } catch (StreamClosedException | SessionClosedException e) {
                noteEnd(e.reason(), reader.length());
            } catch (RuntimeException e) {
                failed(e);
            } finally {
                open.remove(stream);
            }
        }

        private void noteEnd(Reason reason, int unread) {
            if (reason == Reason.END_OF_STREAM && unread == 0) {
                ended.increment();
            } else {
                aborted.increment();
            }
        }

        private void answer(Frame frame) {
            frame.requireRequest();
            if (frame.sequence() <= last) {
                throw new Frames.CorruptFrameException("frame " + frame.sequence() + " came after frame " + last);
            }
            last = frame.sequence();
            received.increment();
            replies++;
            try {
                Frames.send(stream, frame.sequence(), PREFIX, frame.payload());
                replied.increment();
            } catch (StreamClosedException | SessionClosedException e) {
                // The client did not wait for its reply; what it sent counts all the same.
            }
        }

        /** Takes one frame at a time: it is called again while there are more. */
        @Override
        public void onData(BufferReader reader) {
            try {
                Frame frame = Frames.poll(reader);
                if (frame != null) {
                    answer(frame);
                }
            } catch (RuntimeException e) {
                failed(e);
                stream.close();
            }
            if (replies >= closeAfter) {
                stream.close();
            }
        }

        @Override
        public void onLocalClose() {
            if (replies >= closeAfter) {
                ended.increment();
            } else {
                aborted.increment();
            }
            open.remove(stream);
        }

        @Override
        public void onRemoteClose() {
            noteEnd(Reason.END_OF_STREAM, stream.bufferReader().length());
            stream.close();
            open.remove(stream);
        }
    }
}
