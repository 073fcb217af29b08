package io.shmipc.server;

import io.shmipc.MemoryType;
import io.shmipc.Network;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.SliceSize;
import io.shmipc.shm.QueuePair;
import io.shmipc.shm.Region;
import io.shmipc.shm.SharedMemory;
import io.shmipc.shm.SharedRegion;
import io.shmipc.shm.Slice;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** A client made by hand, which says what a test wants and not what the protocol wants. */
final class RawClient implements AutoCloseable {

    static final int POLLING = 1;
    static final int FALLBACK_DATA = 3;
    static final int EXCHANGE_PROTO_VERSION = 4;
    static final int HOT_RESTART = 8;

    private static final short MAGIC = 0x7758;
    static final int QUEUE_CAPACITY = 64;

    private final SocketChannel channel;
    private final String name = "/dev/shm/raw-" + UUID.randomUUID();
    private SharedRegion region;
    private SharedMemory queueMemory;
    private QueuePair queues;

    RawClient(ShmipcAddress address) throws IOException {
        channel = SocketChannel.open(
                address.network() == Network.UNIX
                        ? UnixDomainSocketAddress.of(address.target())
                        : new InetSocketAddress(address.target(), address.port()));
    }

    void send(byte... bytes) throws IOException {
        channel.write(ByteBuffer.wrap(bytes));
    }

    void message(int version, int type, byte... payload) throws IOException {
        send(frame(payload.length + 8, MAGIC, version, type, payload));
    }

    static byte[] frame(int length, int magic, int version, int type, byte... payload) {
        return ByteBuffer.allocate(8 + payload.length)
                .putInt(length)
                .putShort((short) magic)
                .put((byte) version)
                .put((byte) type)
                .put(payload)
                .array();
    }

    /** Returns the payload that names two files. */
    static byte[] paths(String queue, String buffer) {
        byte[] first = queue.getBytes(StandardCharsets.UTF_8);
        byte[] second = buffer.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + first.length + second.length)
                .putShort((short) first.length)
                .put(first)
                .putShort((short) second.length)
                .put(second)
                .array();
    }

    /** Makes memory as a client must, without telling the server. */
    RawClient createMemory() {
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(MemoryType.FILE)
                .regionBytes(ShmipcConfig.MIN_REGION_BYTES)
                .sliceSizes(List.of(new SliceSize(4076, 100)))
                .build();
        region = SharedRegion.create(config, bufferPath());
        queueMemory = SharedMemory.create(MemoryType.FILE, queuePath(), QueuePair.mappingBytes(QUEUE_CAPACITY), 0600);
        queues = QueuePair.format(queueMemory.bytes(), QUEUE_CAPACITY);
        return this;
    }

    /** Performs a handshake that the server likes. */
    RawClient shakeHands() throws IOException {
        createMemory();
        message(2, 0, paths(queuePath(), bufferPath()));
        return this;
    }

    String queuePath() {
        return name + "_queue_0";
    }

    String bufferPath() {
        return name + "_buffer";
    }

    /** Returns the memory of the queues: the half at the beginning is what the server receives. */
    ByteBuffer queueBytes() {
        return queueMemory.bytes();
    }

    /** Returns the memory of the region. */
    ByteBuffer regionBytes() {
        return region.memory().bytes();
    }

    /** Puts an element on the queue and wakes the server. */
    void element(int stream, int offset, int state) throws IOException {
        enqueue(stream, offset, state);
        message(2, POLLING);
    }

    /** Puts an element on the queue, which the server sees when it looks. */
    void enqueue(int stream, int offset, int state) {
        queues.send().put(stream, offset, state, 0);
    }

    /** Makes a slice that holds one byte, ready to be sent; returns its offset. */
    int slice() {
        Slice slice = region.region().allocate(1);
        slice.memory().put(slice.writePosition(), (byte) 7);
        slice.extend(1);
        Region.handOver(slice);
        return slice.headerOffset();
    }

    /** Opens a stream by sending one byte on it. */
    void openStream(int stream) throws IOException {
        element(stream, slice(), 0);
    }

    /** Returns the next bytes that the server sends. */
    byte[] receive(int bytes) throws IOException {
        ByteBuffer received = ByteBuffer.allocate(bytes);
        while (received.hasRemaining()) {
            if (channel.read(received) < 0) {
                throw new IOException("the server closed the connection after " + received.position() + " bytes");
            }
        }
        return received.array();
    }

    /** Returns whether the server has taken everything off the queue. */
    boolean isDrained() {
        return queues.send().pending() == 0;
    }

    /** Waits until the server has closed the connection; what it sends before is thrown away. */
    void awaitEnd() {
        ByteBuffer sink = ByteBuffer.allocate(1024);
        try {
            while (channel.read(sink) >= 0) {
                sink.clear();
            }
        } catch (IOException e) {
            // Reset by the peer: that is an end, too.
        }
    }

    /** Asks the server for its version; returns whether it answers, and not whether it likes the answer. */
    boolean isAnswered() {
        try {
            message(3, EXCHANGE_PROTO_VERSION);
            return receives();
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits for a message without payload; returns false if the end comes instead. */
    boolean receives() throws IOException {
        return channel.read(ByteBuffer.allocate(8)) > 0;
    }

    /** Says that nothing more comes, and still reads. */
    void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** Receives nothing more, and can still send. */
    void endInput() throws IOException {
        channel.shutdownInput();
    }

    /** Ends the connection without a word. */
    void cut() throws IOException {
        channel.close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (queueMemory != null) {
            queueMemory.release();
        }
        if (region != null) {
            region.memory().release();
        }
    }
}
