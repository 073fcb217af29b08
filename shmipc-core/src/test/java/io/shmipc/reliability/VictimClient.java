package io.shmipc.reliability;

import io.shmipc.MemoryType;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.SliceSize;
import io.shmipc.channel.MessageType;
import io.shmipc.interop.Frames;
import io.shmipc.layout.MessageLayout;
import io.shmipc.shm.QueuePair;
import io.shmipc.shm.SharedMemory;
import io.shmipc.shm.SharedRegion;
import io.shmipc.shm.Slice;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.NativeBuffer;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A client that is killed: connects, shares memory, sends one frame, takes its reply, and is asked to restart. */
final class VictimClient extends Victim {

    private static final int QUEUE_CAPACITY = 64;
    private static final int SLICE_BYTES = 4076;
    private static final int REQUEST_BYTES = 100;
    private static final int FIRST_SEQUENCE = 1;

    private final String names;
    private SharedRegion region;
    private SharedMemory queueMemory;
    private QueuePair queues;

    VictimClient(Step step, String names) {
        super(step);
        this.names = names;
    }

    @Override
    void run(ShmipcAddress address) throws IOException {
        Descriptor socket = Sockets.connectUnix(address.target(), PATIENCE.toNanos());
        connect(socket, address);
        dieAt(Step.CONNECTED);
        if (step() == Step.HALF_A_MESSAGE_SENT) {
            sendHalfAMessage(socket);
            dieAt(Step.HALF_A_MESSAGE_SENT);
        }
        createMemory(step().usesFiles() ? MemoryType.FILE : MemoryType.MEMFD);
        dieAt(Step.FILES_CREATED);
        if (step().usesFiles()) {
            connection.version(FILE_VERSION);
            connection.send(MessageType.SHARE_MEMORY_BY_FILE_PATH, queueName(), bufferName());
            dieAt(Step.FILES_NAMED);
        } else {
            shareMemfds();
        }
        call();
        await(MessageType.HOT_RESTART);
        dieAt(Step.HOT_RESTART_ASKED_FOR);
    }

    private static void sendHalfAMessage(Descriptor socket) throws IOException {
        NativeBuffer half = NativeBuffer.allocate(MessageLayout.HEADER_BYTES / 2);
        half.bytes().putInt(0, MessageLayout.HEADER_BYTES);
        Sockets.send(socket, half, 0, half.bytes().capacity());
    }

    private void createMemory(MemoryType type) {
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(type)
                .regionBytes(ShmipcConfig.MIN_REGION_BYTES)
                .sliceSizes(List.of(new SliceSize(SLICE_BYTES, 100)))
                .build();
        region = SharedRegion.create(config, bufferName());
        queueMemory = SharedMemory.create(type, queueName(), QueuePair.mappingBytes(QUEUE_CAPACITY), config.fileMode());
        queues = QueuePair.format(queueMemory.bytes(), QUEUE_CAPACITY);
    }

    /** Returns names that the sweep of this engine's clients knows for theirs. */
    private String bufferName() {
        return base() + "_buffer";
    }

    private String queueName() {
        return base() + "_queue_0";
    }

    private String base() {
        return names + "_" + ProcessHandle.current().pid() + "_j0123456789abcdef";
    }

    private void shareMemfds() throws IOException {
        connection.version(MEMFD_VERSION);
        connection.post(MessageType.EXCHANGE_PROTO_VERSION);
        dieAt(Step.VERSION_SENT);
        await(MessageType.EXCHANGE_PROTO_VERSION);
        connection.send(MessageType.SHARE_MEMORY_BY_MEMFD, queueName(), bufferName());
        dieAt(Step.MEMFDS_NAMED);
        await(MessageType.ACK_READY_RECV_FD);
        connection.sendDescriptors(region.memory().descriptor(), queueMemory.descriptor());
        dieAt(Step.DESCRIPTORS_SENT);
        await(MessageType.ACK_SHARE_MEMORY);
    }

    private void call() {
        ByteBuffer payload = ByteBuffer.wrap(Frames.pattern(REQUEST_BYTES, FIRST_SEQUENCE));
        Slice request = frame(region.region(), FIRST_SEQUENCE, "", payload);
        dieAt(Step.SLICE_ALLOCATED);
        writeElement(sendHalf(queueMemory, true), request);
        dieAt(Step.ELEMENT_WRITTEN);
        publish(queues, request);
        dieAt(Step.TAIL_PUBLISHED);
        wake(queues);
        Slice reply = take(queues, region.region());
        if (step() == Step.HALF_RECYCLED) {
            halfRecycle(region, reply);
            dieAt(Step.HALF_RECYCLED);
        }
        region.region().recycle(reply);
    }
}
