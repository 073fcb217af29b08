package io.shmipc.socket;

import io.shmipc.BufferReader;
import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a socket reads.
 *
 * <p>A read waits in the engine for half a second at a time and then looks whether the input was shut down, which the
 * engine does not know of. The engine's deadline is therefore seldom set anew, whatever the socket's time-out.
 *
 * <p><b>Threads:</b> one reads at a time, by the lock.
 */
final class StreamInput extends InputStream {

    private static final long LOOK_UP_NANOS = Duration.ofMillis(500).toNanos();

    private final StreamSocketImpl socket;
    private final Stream stream;
    private final Pacing pacing;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean shut;
    private volatile boolean ended;
    private boolean discarding;
    private long engineDeadlineNanos;

    StreamInput(StreamSocketImpl socket, Stream stream, Pacing pacing) {
        this.socket = socket;
        this.stream = stream;
        this.pacing = pacing;
        this.engineDeadlineNanos = System.nanoTime();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            return readWhenThere(ByteBuffer.wrap(target, offset, length));
        } finally {
            unlock();
        }
    }

    /** Returns whether a reader has met the end, or what ended the connection. */
    boolean hasEnded() {
        return ended;
    }

    /** Lets others read; whoever shut the input meanwhile found it locked, and left the rest to this thread. */
    private void unlock() {
        lock.unlock();
        if (shut) {
            shutdown();
        }
    }

    private int readWhenThere(ByteBuffer target) throws IOException {
        int timeoutMillis = socket.timeoutMillis();
        long giveUpNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        boolean interrupted = false;
        try {
            while (true) {
                if (socket.isClosed()) {
                    throw Failures.closed(null);
                }
                if (shut) {
                    return -1;
                }
                setEngineDeadline(timeoutMillis > 0, giveUpNanos);
                try {
                    int bytes = stream.read(target);
                    pacing.heard();
                    ended |= bytes < 0;
                    return bytes;
                } catch (ShmipcTimeoutException e) {
                    if (timeoutMillis > 0 && System.nanoTime() - giveUpNanos >= 0) {
                        throw timedOut(timeoutMillis);
                    }
                } catch (ClosedChannelException e) {
                    throw Failures.closed(e);
                } catch (ShmipcException e) {
                    if (e.reason() != Reason.INTERRUPTED || !Thread.interrupted()) {
                        ended = true;
                        throw Failures.of(e, socket.isClosed());
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void setEngineDeadline(boolean limited, long giveUpNanos) {
        long now = System.nanoTime();
        if (engineDeadlineNanos - now > 0 && (!limited || engineDeadlineNanos - giveUpNanos <= 0)) {
            return;
        }
        long waitNanos = limited ? Math.max(0, Math.min(LOOK_UP_NANOS, giveUpNanos - now)) : LOOK_UP_NANOS;
        engineDeadlineNanos = now + waitNanos;
        stream.setReadDeadline(Instant.now().plusNanos(waitNanos));
    }

    private static SocketTimeoutException timedOut(int timeoutMillis) {
        return new SocketTimeoutException("Read timed out: nothing has arrived for " + timeoutMillis + " ms.");
    }

    /** Returns what a read would give at once; 0 while another thread reads. */
    @Override
    public int available() throws IOException {
        if (socket.isClosed()) {
            throw Failures.closed(null);
        }
        if (shut || !lock.tryLock()) {
            return 0;
        }
        try {
            return stream.bufferReader().length();
        } finally {
            unlock();
        }
    }

    /** Ends the input: reads meet the end, and what arrives is discarded, so that it fills nobody's memory. */
    void shutdown() {
        shut = true;
        if (lock.tryLock()) {
            try {
                discard();
            } finally {
                lock.unlock();
            }
        }
    }

    private void discard() {
        if (!discarding) {
            discarding = true;
            stream.setCallbacks(new Discard());
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    private static final class Discard implements StreamCallbacks {

        @Override
        public void onData(BufferReader reader) {
            reader.discard(reader.length());
        }

        @Override
        public void onLocalClose() {}

        @Override
        public void onRemoteClose() {}
    }
}
