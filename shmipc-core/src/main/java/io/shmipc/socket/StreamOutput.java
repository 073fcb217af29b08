package io.shmipc.socket;

import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcConfig;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.StreamClosedException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a socket writes: each write is sent before it returns.
 *
 * <p><b>Threads:</b> one writes at a time, by the lock.
 */
final class StreamOutput extends OutputStream {

    /** A large write goes in pieces of the largest slice that regions have by default. */
    private static final int PIECE_BYTES = (128 << 10) - ShmipcConfig.SLICE_HEADER_BYTES;

    private final StreamSocketImpl socket;
    private final Stream stream;
    private final StreamInput input;
    private final Pacing pacing;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean shut;
    private boolean lost;

    StreamOutput(StreamSocketImpl socket, Stream stream, StreamInput input, Pacing pacing) {
        this.socket = socket;
        this.input = input;
        this.stream = stream;
        this.pacing = pacing;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        lock.lock();
        try {
            requireWritable();
            int end = offset + length;
            for (int from = offset; from < end; ) {
                int part = Math.min(PIECE_BYTES, end - from);
                pacing.beforeSending();
                stream.bufferWriter().writeBytes(source, from, part);
                stream.flush();
                from += part;
            }
        } catch (ShmipcException e) {
            if (!isLost(e)) {
                throw Failures.of(e, socket.isClosed());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns whether a write goes nowhere without a word, as the first one over TCP does when the peer has closed:
     * software gives up all answers that it has not read yet when a write fails, such as the acknowledgement of one. A
     * reader that has met the end has nothing to lose.
     */
    private boolean isLost(ShmipcException e) {
        boolean first = !lost && !input.hasEnded();
        lost = true;
        return first
                && !socket.isClosed()
                && (e instanceof StreamClosedException || e instanceof SessionClosedException);
    }

    private void requireWritable() throws SocketException {
        if (socket.isClosed()) {
            throw Failures.closed(null);
        }
        if (shut) {
            throw new SocketException("Socket output is shutdown");
        }
    }

    /** Tells the peer that nothing more comes, after a write that is under way. */
    void shutdown() throws IOException {
        lock.lock();
        try {
            shut = true;
            stream.flush(true);
        } catch (ShmipcException e) {
            throw Failures.of(e, socket.isClosed());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
