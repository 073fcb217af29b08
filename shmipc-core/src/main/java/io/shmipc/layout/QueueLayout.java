package io.shmipc.layout;

/**
 * One IO queue: this header, then 12-byte elements, native order. Two of them lie back to back in one mapping.
 *
 * <pre>
 * byte    0         4         8        12        16        20        24
 *         +---------+---------+---------+---------+---------+---------+----------------------
 * x86-64  |capacity |-------head--------|-------tail--------| working | elements ...
 *         +---------+---------+---------+---------+---------+---------+----------------------
 * aarch64 |capacity | working |-------head--------|-------tail--------| elements ...
 *         +---------+---------+---------+---------+---------+---------+----------------------
 *
 * element 0          4          8         12
 *         +----------+----------+----------+
 *         |stream id |  offset  |  status  |     offset of the first slice's header in the region
 *         +----------+----------+----------+
 * </pre>
 *
 * The consumer alone writes head, the producer alone tail, either side working. On x86-64 the two counters are 8-byte
 * numbers at addresses that are 4 modulo 8, which no VarHandle accesses atomically: decision 0001 says how their halves
 * are used instead.
 */
public enum QueueLayout {
    /** Offsets that x86-64 processes use. */
    X86_64(4, 12, 20),
    /** Offsets that aarch64 processes use: the counters are 8-aligned. */
    AARCH64(8, 16, 4);

    /** Bytes before the first element. */
    public static final int HEADER_BYTES = 24;
    /** Bytes of one element. */
    public static final int ELEMENT_BYTES = 12;
    /** Offset of the capacity in elements. */
    public static final int CAPACITY = 0;
    /** Offset of the stream id within an element. */
    public static final int ELEMENT_STREAM_ID = 0;
    /** Offset of the region offset within an element. */
    public static final int ELEMENT_OFFSET = 4;
    /** Offset of the status within an element; its low byte is the stream's state. */
    public static final int ELEMENT_STATUS = 8;
    /** The low byte of a status. */
    public static final int STATE_MASK = 0xff;

    private final int head;
    private final int tail;
    private final int working;

    QueueLayout(int head, int tail, int working) {
        this.head = head;
        this.tail = tail;
        this.working = working;
    }

    /** Returns the layout of this machine's processor. */
    public static QueueLayout ofThisMachine() {
        String arch = System.getProperty("os.arch", "");
        return arch.equals("aarch64") || arch.equals("arm64") ? AARCH64 : X86_64;
    }

    /** Returns the bytes of one queue. */
    public static long queueBytes(int capacity) {
        return HEADER_BYTES + (long) ELEMENT_BYTES * capacity;
    }

    /** Returns the offset of the low half of the number of elements consumed; its high half is 4 bytes further. */
    public int head() {
        return head;
    }

    /** Returns the offset of the low half of the number of elements produced; its high half is 4 bytes further. */
    public int tail() {
        return tail;
    }

    /** Returns the offset of the word that is 1 while the consumer is awake and will look again. */
    public int working() {
        return working;
    }
}
