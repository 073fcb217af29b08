package io.shmipc;

/**
 * Why an operation was refused: one constant for each condition that a caller can tell apart.
 *
 * <p>Every error of shmipc-go has its constant. Two of them never leave its engine, nor this one; they say what comes
 * instead.
 */
public enum Reason {
    /** A message came with a protocol version that this side does not speak. */
    INVALID_VERSION,
    /** A message came with a type that does not exist, or not in this role or at this point. */
    INVALID_MESSAGE_TYPE,
    /** The session is closed. */
    SESSION_SHUTDOWN,
    /** The session has used up its stream ids, or reached its limit of open streams. */
    STREAMS_EXHAUSTED,
    /** The deadline of a read or a write passed. */
    TIMEOUT,
    /** The stream was closed, here or by the peer. */
    STREAM_CLOSED,
    /** The connection accepted no bytes for the connection write time-out. */
    CONNECTION_WRITE_TIMEOUT,
    /** The peer sends nothing more on this stream and everything it sent was read. */
    END_OF_STREAM,
    /** The session recently ran out of shared memory; it opens no streams until its circuit breaker closes. */
    SESSION_UNHEALTHY,
    /**
     * Fewer bytes are there than were asked for. Never thrown: a read waits for the rest, and ends with {@link #TIMEOUT},
     * {@link #END_OF_STREAM}, {@link #STREAM_CLOSED} or {@link #SESSION_SHUTDOWN}; the bytes that are there stay
     * readable.
     */
    NOT_ENOUGH_DATA,
    /**
     * No slice of shared memory is free. Never thrown: the bytes go through the connection, {@link
     * StabilityMetrics#allocShmErrorCount()} and {@link StabilityMetrics#fallbackWriteCount()} count that, and the
     * session answers {@link #SESSION_UNHEALTHY} to who opens streams.
     */
    NO_MORE_BUFFER,
    /** The file system that holds the shared memory has not enough space left. */
    SHARE_MEMORY_NO_SPACE_LEFT,
    /** The stream already has callbacks. */
    STREAM_CALLBACKS_EXIST,
    /** shmipc runs on Linux on x86-64 and aarch64 only. */
    OS_NOT_SUPPORTED,
    /** A hot restart is under way. */
    HOT_RESTART_IN_PROGRESS,
    /** A session is still in its handshake. */
    IN_HANDSHAKE_STAGE,
    /** The configured path is longer than the operating system allows. */
    FILE_NAME_TOO_LONG,
    /** The peer did not drain its queue in time. */
    QUEUE_FULL,
    /** More was written to a stream without a flush than its write buffer holds. */
    WRITE_BUFFER_FULL,
    /** A configured value breaks its rule. */
    INVALID_CONFIGURATION,
    /** The address cannot be listened on: in use, missing directory, no permission. */
    ADDRESS_UNUSABLE,
    /** No connection to the peer could be made. */
    CONNECTION_FAILED,
    /** The handshake broke off or took longer than the initialise time-out. */
    HANDSHAKE_FAILED,
    /** The peer may not connect, or named memory that it may not share. */
    ACCESS_DENIED,
    /** The peer wrote something into shared memory or the connection that cannot be. */
    PROTOCOL_VIOLATION,
    /** The operating system refused a call. */
    SYSTEM_CALL_FAILED,
    /** The calling thread was interrupted while it waited. */
    INTERRUPTED
}
