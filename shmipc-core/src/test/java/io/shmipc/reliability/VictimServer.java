package io.shmipc.reliability;

import io.shmipc.ShmipcAddress;
import io.shmipc.channel.MessageType;
import io.shmipc.interop.EchoServer;
import io.shmipc.interop.Frames;
import io.shmipc.shm.QueuePair;
import io.shmipc.shm.Region;
import io.shmipc.shm.SharedMemory;
import io.shmipc.shm.SharedRegion;
import io.shmipc.shm.Slice;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.FileFacts;
import io.shmipc.sys.PollSet;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A server that is killed: accepts one client, maps its memfds, answers one frame, and asks it to restart.
 *
 * <p>It prints READY when it listens, and waits for a line before the restart.
 */
final class VictimServer extends Victim {

    private static final int BACKLOG = 16;
    private static final int EPOCH = 1;
    private static final int SEQUENCE_OFFSET = 8;

    private SharedRegion region;
    private SharedMemory queueMemory;
    private QueuePair queues;

    VictimServer(Step step) {
        super(step);
    }

    @Override
    void run(ShmipcAddress address) throws IOException {
        Descriptor listener = Sockets.listenUnix(address.target(), BACKLOG, FILE_MODE, null);
        System.out.println("READY");
        connect(accept(listener), address);
        dieAt(Step.ACCEPTED);
        shakeHands();
        answer();
        if (System.in.read() >= 0) {
            connection.post(MessageType.HOT_RESTART, EPOCH);
            dieAt(Step.HOT_RESTART_SENT);
        }
    }

    private static Descriptor accept(Descriptor listener) throws IOException {
        Descriptor accepted = Sockets.accept(listener);
        while (accepted == null) {
            Sockets.poll(listener, PollSet.IN, PATIENCE.toNanos());
            accepted = Sockets.accept(listener);
        }
        return accepted;
    }

    private void shakeHands() throws IOException {
        await(MessageType.EXCHANGE_PROTO_VERSION);
        connection.version(MEMFD_VERSION);
        connection.post(MessageType.EXCHANGE_PROTO_VERSION);
        dieAt(Step.VERSION_ANSWERED);
        await(MessageType.SHARE_MEMORY_BY_MEMFD);
        connection.post(MessageType.ACK_READY_RECV_FD);
        dieAt(Step.READY_FOR_DESCRIPTORS);
        Descriptor[] descriptors = new Descriptor[2];
        while (connection.receiveDescriptors(descriptors) != descriptors.length) {
            connection.awaitReadable(PATIENCE.toNanos());
        }
        SharedMemory buffer = map(descriptors[0]);
        region = new SharedRegion(buffer, Region.read(buffer.bytes()));
        queueMemory = map(descriptors[1]);
        queues = QueuePair.read(queueMemory.bytes());
        dieAt(Step.MEMORY_MAPPED);
        connection.post(MessageType.ACK_SHARE_MEMORY);
    }

    private static SharedMemory map(Descriptor memfd) throws IOException {
        return SharedMemory.map("memory", memfd, FileFacts.of(memfd).bytes());
    }

    private void answer() {
        Slice request = take(queues, region.region());
        dieAt(Step.REQUEST_TAKEN);
        ByteBuffer bytes = ByteBuffer.allocate(request.unread()).order(ByteOrder.BIG_ENDIAN);
        bytes.put(0, request.memory(), request.readPosition(), request.unread());
        if (step() == Step.REQUEST_HALF_RECYCLED) {
            halfRecycle(region, request);
            dieAt(Step.REQUEST_HALF_RECYCLED);
        }
        region.region().recycle(request);
        Slice reply = frame(
                region.region(),
                bytes.getLong(SEQUENCE_OFFSET),
                EchoServer.PREFIX,
                bytes.position(Frames.HEADER_BYTES).slice());
        dieAt(Step.REPLY_ALLOCATED);
        writeElement(sendHalf(queueMemory, false), reply);
        dieAt(Step.REPLY_ELEMENT_WRITTEN);
        publish(queues, reply);
        dieAt(Step.REPLY_TAIL_PUBLISHED);
        wake(queues);
    }
}
