package io.shmipc.layout;

/**
 * A message on the connection: this header, then a payload; big-endian.
 *
 * <pre>
 * byte     0                  4         6         7         8
 *          +------------------+---------+---------+---------+----------------------
 *          |      length      |  7758   | version |  type   | payload: length - 8 bytes
 *          +------------------+---------+---------+---------+----------------------
 *
 * paths    u16 length, queue path, u16 length, buffer path
 * close    u32 stream id
 * fallback u32 stream id, u32 status, bytes                   only the low byte of status counts
 * restart  u64 epoch
 * </pre>
 */
public final class MessageLayout {

    /** Bytes before the payload. */
    public static final int HEADER_BYTES = 8;
    /** Offset of the bytes of the whole message. */
    public static final int LENGTH = 0;
    /** Offset of the magic number. */
    public static final int MAGIC = 4;
    /** Offset of the protocol version. */
    public static final int VERSION = 6;
    /** Offset of the message type. */
    public static final int TYPE = 7;
    /** Stands at {@link #MAGIC} in every message. */
    public static final short MAGIC_NUMBER = 0x7758;
    /** Bytes of a StreamClose payload. */
    public static final int STREAM_CLOSE_BYTES = 4;
    /** Bytes before the data in a FallbackData payload. */
    public static final int FALLBACK_HEADER_BYTES = 8;
    /** Bytes of a HotRestart or HotRestartAck payload. */
    public static final int EPOCH_BYTES = 8;
    /** Bytes before each path. */
    public static final int PATH_LENGTH_BYTES = 2;
    /** Offset of a path's length and of the first payload field. */
    public static final int PAYLOAD = HEADER_BYTES;

    private MessageLayout() {}
}
