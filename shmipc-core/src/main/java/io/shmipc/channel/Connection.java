package io.shmipc.channel;

import io.shmipc.Reason;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcException;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.layout.MessageLayout;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.NativeBuffer;
import io.shmipc.sys.PollSet;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A socket that carries messages.
 *
 * <p>Long messages wait for room in the socket, within one time-out for each. Short ones are posted: they go out at once
 * if there is room and nobody is sending, and otherwise before the next thread's message or at the next {@link #flush()},
 * so whoever posts never waits.
 *
 * <p><b>Threads:</b> any thread sends, one at a time by a lock; one thread at a time receives.
 */
public final class Connection {

    /** What {@link #receive} met. */
    public enum Received {
        /** Some bytes, which were passed on; there may be more. */
        SOME,
        /** All bytes that were there, which were passed on; the end may have come behind them. */
        ALL,
        /** Nothing is there now. */
        NOTHING,
        /** The peer has closed its end. */
        END
    }

    private final Descriptor socket;
    private final ShmipcAddress localAddress;
    private final ShmipcAddress remoteAddress;
    private final long writeTimeoutNanos;
    private final ReentrantLock writeLock = new ReentrantLock();
    private final NativeBuffer input = BufferPool.take();
    private final NativeBuffer output = BufferPool.take();
    private final Outbox outbox = new Outbox();
    private final MessageDecoder decoder = new MessageDecoder();

    /** What was read into the input and not taken yet. */
    private final ByteBuffer pending = input.bytes().duplicate().limit(0);

    private final PollSet readable;
    private final PollSet writable;
    private volatile int version;

    /** From where to where the output was filled and not written; by the lock. */
    private int written;

    private int filled;

    /** Since when the socket has taken nothing; by the lock, and without meaning unless {@link #stalled}. */
    private long stalledSinceNanos;

    private boolean stalled;

    public Connection(
            Descriptor socket, ShmipcAddress localAddress, ShmipcAddress remoteAddress, Duration writeTimeout) {
        this.socket = socket;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
        this.writeTimeoutNanos = writeTimeout.toNanos();
        this.readable = new PollSet(socket);
        this.writable = new PollSet(socket);
        writable.interest(0, PollSet.OUT);
    }

    /** Returns the socket, for an event loop or a thread that sleeps on it. */
    public Descriptor socket() {
        return socket;
    }

    /** Returns this end's address. */
    public ShmipcAddress localAddress() {
        return localAddress;
    }

    /** Returns the peer's address. */
    public ShmipcAddress remoteAddress() {
        return remoteAddress;
    }

    /** Sets the protocol version that the headers of further messages carry. */
    public void version(int value) {
        version = value;
    }

    /** Returns the protocol version that headers carry. */
    public int version() {
        return version;
    }

    /**
     * Reads what is there, up to one buffer, and passes on the messages it completes. A handler, or what runs before
     * the messages, may call this again for what comes behind: bytes that were read wait here until somebody takes
     * them.
     *
     * @param beforeMessages run between reading the bytes and passing them on: what the peer put on the queue before it
     *     sent them is on the queue by then
     */
    public Received receive(MessageHandler handler, Runnable beforeMessages) throws IOException {
        boolean all = false;
        if (!hasPending()) {
            int bytes = Sockets.receive(socket, input, 0, BufferPool.BUFFER_BYTES);
            if (bytes == Sockets.WOULD_BLOCK) {
                return Received.NOTHING;
            }
            if (bytes == 0) {
                beforeMessages.run();
                return Received.END;
            }
            pending.limit(bytes).position(0);
            all = bytes < BufferPool.BUFFER_BYTES;
        }
        beforeMessages.run();
        decoder.feed(pending, handler);
        return all ? Received.ALL : Received.SOME;
    }

    /** Returns whether bytes were read whose messages nobody has taken yet. */
    public boolean hasPending() {
        return pending.hasRemaining();
    }

    /**
     * Reads what is missing of the next message and no byte more, as long as both sides still agree on who reads them.
     */
    public Received receiveOne(MessageHandler handler) throws IOException {
        int bytes = Sockets.receive(socket, input, 0, Math.min(BufferPool.BUFFER_BYTES, decoder.missing()));
        if (bytes == Sockets.WOULD_BLOCK) {
            return Received.NOTHING;
        }
        if (bytes == 0) {
            return Received.END;
        }
        decoder.feed(input.bytes().slice(0, bytes), handler);
        return Received.SOME;
    }

    /** Waits until something can be received, up to the given time; a negative time is for ever. */
    public boolean awaitReadable(long timeoutNanos) throws IOException {
        return readable.await(timeoutNanos) > 0;
    }

    /** Posts a message without payload; see {@link #post(MessageType, long)}. */
    public boolean post(MessageType type) {
        return post(type, 0);
    }

    /**
     * Sends a message of the shortest form of its type, now or as soon as possible, and never waits.
     *
     * @param payload as one number: the stream of a close, the epoch of a hot restart, or stream and status of fallback
     *     data without bytes
     * @return whether it is out; if not, call {@link #flush()} after a while
     * @throws ShmipcTimeoutException if the peer takes nothing, and too much waits or the connection write time-out has
     *     passed
     * @throws ShmipcException with {@link Reason#SESSION_SHUTDOWN} if the connection is broken
     */
    public boolean post(MessageType type, long payload) {
        if (!outbox.add(type, version, payload)) {
            throw timeout("nothing while " + Outbox.LIMIT_BYTES + " bytes of messages waited for it");
        }
        return flush();
    }

    /**
     * Sends posted messages as far as there is room, and never waits.
     *
     * @return whether all are out; if not, call it again after a while
     * @throws ShmipcTimeoutException if the socket has taken nothing for the connection write time-out
     * @throws ShmipcException with {@link Reason#SESSION_SHUTDOWN} if the connection is broken
     */
    public boolean flush() {
        // Whoever has the lock looks here once more after giving it back.
        while (writeLock.tryLock()) {
            try {
                if (!sendPosted()) {
                    if (System.nanoTime() - stalledSinceNanos >= writeTimeoutNanos) {
                        throw timeout("nothing for " + Duration.ofNanos(writeTimeoutNanos));
                    }
                    return false;
                }
            } catch (IOException e) {
                throw broken(e);
            } finally {
                writeLock.unlock();
            }
            if (outbox.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Sends a message whose payload is two paths. */
    public void send(MessageType type, String queuePath, String bufferPath) {
        byte[] queue = queuePath.getBytes(StandardCharsets.UTF_8);
        byte[] buffer = bufferPath.getBytes(StandardCharsets.UTF_8);
        send(
                type,
                2 * MessageLayout.PATH_LENGTH_BYTES + queue.length + buffer.length,
                target -> target.putShort((short) queue.length)
                        .put(queue)
                        .putShort((short) buffer.length)
                        .put(buffer));
    }

    /** Sends fallback data of a stream. */
    public void sendFallback(int streamId, int status, int bytes, PayloadSource source) {
        boolean[] begun = new boolean[1];
        send(MessageType.FALLBACK_DATA, MessageLayout.FALLBACK_HEADER_BYTES + bytes, target -> {
            if (!begun[0]) {
                begun[0] = true;
                target.putInt(streamId).putInt(status);
            }
            source.fill(target);
        });
    }

    /**
     * Sends one message; none of another thread comes between its bytes.
     *
     * @throws ShmipcTimeoutException if the socket has not taken it within the connection write time-out
     * @throws ShmipcException with {@link Reason#SESSION_SHUTDOWN} if the connection is broken
     */
    private void send(MessageType type, int payloadBytes, PayloadSource payload) {
        writeLock.lock();
        try {
            long begunNanos = System.nanoTime();
            while (!sendPosted()) {
                awaitWritable(begunNanos);
            }
            ByteBuffer bytes = output.bytes().clear();
            type.putHeader(bytes, version, payloadBytes);
            int left = payloadBytes;
            do {
                int before = bytes.position();
                bytes.limit(Math.min(bytes.capacity(), before + left));
                payload.fill(bytes);
                int added = bytes.position() - before;
                if (added == 0 && left > 0) {
                    throw new IOException("a message ended " + left + " bytes before its length");
                }
                left -= added;
                if (before > 0) {
                    MessageDecoder.trace("sent", type, version, payloadBytes, bytes, 0);
                }
                written = 0;
                filled = bytes.position();
                while (!sendOutput()) {
                    awaitWritable(begunNanos);
                }
                bytes.clear();
            } while (left > 0);
        } catch (IOException e) {
            throw broken(e);
        } finally {
            writeLock.unlock();
        }
        if (!outbox.isEmpty()) {
            flush();
        }
    }

    /** Sends what was posted, as far as there is room; returns whether all is out. By the holder of the lock. */
    private boolean sendPosted() throws IOException {
        requireOpen();
        while (sendOutput()) {
            ByteBuffer bytes = output.bytes().clear();
            outbox.moveTo(bytes);
            written = 0;
            filled = bytes.position();
            if (filled == 0) {
                return true;
            }
        }
        return false;
    }

    /** Sends what the output holds, as far as there is room; returns whether all is out. By the holder of the lock. */
    private boolean sendOutput() throws IOException {
        while (written < filled) {
            requireOpen();
            int bytes = Sockets.send(socket, output, written, filled - written);
            if (bytes == Sockets.WOULD_BLOCK) {
                if (!stalled) {
                    stalled = true;
                    stalledSinceNanos = System.nanoTime();
                }
                return false;
            }
            stalled = false;
            written += bytes;
        }
        return true;
    }

    private void awaitWritable(long begunNanos) throws IOException {
        long leftNanos = writeTimeoutNanos - (System.nanoTime() - begunNanos);
        if (leftNanos <= 0 || writable.await(leftNanos) == 0) {
            throw timeout("less than one message within " + Duration.ofNanos(writeTimeoutNanos));
        }
    }

    private ShmipcTimeoutException timeout(String taken) {
        return new ShmipcTimeoutException(
                Reason.CONNECTION_WRITE_TIMEOUT,
                "The peer at " + remoteAddress + " took " + taken
                        + " from the connection. Look at what it is doing, or raise connectionWriteTimeout.");
    }

    private static ShmipcException broken(IOException e) {
        return new ShmipcException(Reason.SESSION_SHUTDOWN, "The connection broke: " + e.getMessage(), e);
    }

    /** Passes descriptors to the peer, in their order. */
    public void sendDescriptors(Descriptor... descriptors) throws IOException {
        writeLock.lock();
        try {
            long begunNanos = System.nanoTime();
            int[] numbers = Arrays.stream(descriptors).mapToInt(Descriptor::fd).toArray();
            while (Sockets.sendDescriptors(socket, numbers) == Sockets.WOULD_BLOCK) {
                awaitWritable(begunNanos);
            }
        } finally {
            writeLock.unlock();
        }
    }

    /**
     * Receives the descriptors that accompany the next byte.
     *
     * @return how many were received into {@code target}, or {@link Sockets#WOULD_BLOCK} or {@link
     *     Sockets#END_OF_STREAM}
     */
    public int receiveDescriptors(@Nullable Descriptor[] target) throws IOException {
        return Sockets.receiveDescriptors(socket, target);
    }

    private void requireOpen() throws IOException {
        if (!socket.isOpen()) {
            throw new IOException("it is closed");
        }
    }

    /**
     * Ends both directions; the descriptor stays until {@link #close()}. Whoever sleeps on the socket wakes, and so
     * does a sender that waits for room, whose lock this must not wait for.
     */
    public void shutdown() {
        Sockets.shutdown(socket);
    }

    /** Closes the descriptor; the caller knows that nobody receives or sleeps on it. */
    public void close() {
        writeLock.lock();
        try {
            if (socket.isOpen()) {
                socket.close();
                BufferPool.giveBack(input);
                BufferPool.giveBack(output);
            }
        } finally {
            writeLock.unlock();
        }
    }
}
