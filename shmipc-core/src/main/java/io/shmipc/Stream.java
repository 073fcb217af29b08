package io.shmipc;

import java.nio.channels.ByteChannel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A bidirectional, ordered flow of bytes within a session.
 *
 * <p>Write with {@link #bufferWriter()}, send with {@link #flush}, read with {@link #bufferReader()}. The methods of
 * {@link ByteChannel} copy, for software that wants a channel: {@code write} sends at once, {@code read} waits for at
 * least one byte and returns -1 at the end of the stream. As a channel it also has the streams of {@code java.io}:
 *
 * <pre>{@code
 * InputStream in = Channels.newInputStream(stream);
 * OutputStream out = new BufferedOutputStream(Channels.newOutputStream(stream), 8192);
 * }</pre>
 *
 * Each write below the buffer is a message of its own. {@code flush(true)} ends the output and leaves the input open;
 * closing either of the two closes the stream. Other errors than those of a closed channel stay what they are here: a
 * deadline that passes is a {@link ShmipcTimeoutException}, after which reading can go on. Software that wants a socket's
 * streams, with a socket's exceptions, finds them in {@code io.shmipc.socket}.
 *
 * <p><b>Threads:</b> one reading and one writing thread at a time; {@link #close()} from anywhere, callbacks included.
 */
public interface Stream extends ByteChannel {

    /** Returns the stream's number, unique within its session: an unsigned 32-bit number. */
    long id();

    /** Returns the session that carries this stream. */
    Session session();

    /** Returns the reader of what the peer sent. */
    BufferReader bufferReader();

    /** Returns the writer of what the next flush sends. */
    BufferWriter bufferWriter();

    /** Sends everything written since the last flush; the stream stays open. */
    default void flush() {
        flush(false);
    }

    /**
     * Sends everything written since the last flush. Does nothing if nothing was written and the stream does not end.
     *
     * @param endStream true if this side sends nothing more: further writes are refused, reading goes on
     * @throws StreamClosedException if the stream is closed
     * @throws BackPressureException with {@link Reason#QUEUE_FULL} if the peer does not drain its queue in time; what
     *     was written is dropped
     * @throws ShmipcTimeoutException if the write deadline passes or the connection takes no bytes
     * @throws SessionClosedException if the session is gone
     */
    void flush(boolean endStream);

    /**
     * Releases what was read and keeps its last slice for the next write, which spares the region one allocation per
     * message when request and reply alternate.
     */
    void releaseReadAndReuse();

    /**
     * Sets the callbacks that receive this stream's data from now on; at once, if some has arrived.
     *
     * @throws ShmipcException with {@link Reason#STREAM_CALLBACKS_EXIST} if the stream has some already
     */
    void setCallbacks(StreamCallbacks callbacks);

    /**
     * Lets {@link StreamCallbacks#onData}, which calls this, return as if it had not: the spans that it read stay
     * valid, and neither it nor {@code onRemoteClose} is called before {@link #resumeCallbacks}. So a callback waits
     * for something without a thread. What the peer sends meanwhile waits in shared memory.
     */
    void holdCallbacks();

    /**
     * Has {@link StreamCallbacks#onData} called again, on the callback executor, to go on where it held the callbacks;
     * once for each {@link #holdCallbacks}, from any thread, also before that call of {@code onData} has returned. If
     * the stream was closed meanwhile, {@code onLocalClose} was or is called instead.
     *
     * @return false if the callback executor takes no tasks: the stream is closed, and nothing is called any more
     */
    boolean resumeCallbacks();

    /** Sets the read and the write deadline; null for none. */
    default void setDeadline(@Nullable Instant deadline) {
        setReadDeadline(deadline);
        setWriteDeadline(deadline);
    }

    /** Sets when a read gives up, also one that waits already; null for never. */
    void setReadDeadline(@Nullable Instant deadline);

    /**
     * Sets when a flush that meets a full queue gives up, also one that waits already; null leaves it to the {@link
     * BackPressure}.
     */
    void setWriteDeadline(@Nullable Instant deadline);

    /** Sets what a flush that meets a full queue does, in place of {@link ShmipcConfig#backPressure()}. */
    void setBackPressure(BackPressure backPressure);

    /** Returns whether both sides have the stream open. */
    @Override
    boolean isOpen();

    /** Closes the stream, recycles what was not read, and tells the peer. Closing twice does nothing. */
    @Override
    void close();

    /**
     * Returns this end's address. The client's end of a unix socket has no path; its address says so, and names the
     * process: {@code unix:(unnamed, pid 4711)}.
     */
    ShmipcAddress localAddress();

    /** Returns the peer's address; see {@link #localAddress()} for a client's at a unix socket. */
    ShmipcAddress remoteAddress();
}
