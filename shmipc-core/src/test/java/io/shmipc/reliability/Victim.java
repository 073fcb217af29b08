package io.shmipc.reliability;

import io.shmipc.ShmipcAddress;
import io.shmipc.channel.Connection;
import io.shmipc.channel.MessageHandler;
import io.shmipc.channel.MessageType;
import io.shmipc.interop.ChildProcess;
import io.shmipc.interop.Frames;
import io.shmipc.interop.JavaPeer;
import io.shmipc.layout.Cells;
import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.QueueLayout;
import io.shmipc.layout.RegionLayout;
import io.shmipc.layout.SliceLayout;
import io.shmipc.shm.ChainWriter;
import io.shmipc.shm.QueuePair;
import io.shmipc.shm.Region;
import io.shmipc.shm.SharedMemory;
import io.shmipc.shm.SharedRegion;
import io.shmipc.shm.Slice;
import io.shmipc.sys.Descriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A process that takes the protocol's steps one by one and kills itself behind one of them, by SIGKILL.
 *
 * <p>It takes them over the engine's own shared memory, so that the engine needs no hooks. Regions have one list.
 */
abstract class Victim implements MessageHandler {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final int FILE_VERSION = 2;
    static final int MEMFD_VERSION = 3;
    static final int STREAM_ID = 2;

    /** Permission bits of files and sockets: for this user only. */
    static final int FILE_MODE = 0600;

    /** What a shell says of a process that SIGKILL has ended. */
    static final int KILLED = 128 + 9;

    private static final long LOOK_NANOS = 50_000;
    private static final int OPEN = 0;
    private static final int ONLY_LIST = RegionLayout.HEADER_BYTES;

    private final Step step;
    Connection connection;
    private @Nullable MessageType received;

    Victim(Step step) {
        this.step = step;
    }

    /** Starts a process that is killed at the given step of its way as client or server. */
    static ChildProcess start(Step step, ShmipcAddress address, String names) {
        return JavaPeer.start(Victim.class, step.name(), address.toString(), names);
    }

    /** Runs to the step; what comes after it is an error. */
    public static void main(String[] arguments) throws IOException {
        Step step = Step.valueOf(arguments[0]);
        ShmipcAddress address = ShmipcAddress.parse(arguments[1]);
        Victim victim = step.client ? new VictimClient(step, arguments[2]) : new VictimServer(step);
        victim.run(address);
        throw new IllegalStateException(step + " was not reached");
    }

    abstract void run(ShmipcAddress address) throws IOException;

    /** Ends this process here if this is its step. */
    void dieAt(Step reached) {
        if (reached == step) {
            Signals.KILL.send(ProcessHandle.current().pid());
        }
    }

    Step step() {
        return step;
    }

    void connect(Descriptor socket, ShmipcAddress address) {
        connection = new Connection(socket, address, address, PATIENCE);
    }

    // ---------------------------------------------------------------- connection

    void await(MessageType wanted) throws IOException {
        received = null;
        while (received != wanted) {
            if (!connection.awaitReadable(PATIENCE.toNanos())
                    || connection.receiveOne(this) == Connection.Received.END) {
                throw new IllegalStateException("no " + wanted + " came");
            }
        }
    }

    @Override
    public void onMessage(MessageType type, int version, ByteBuffer payload) {
        received = type;
    }

    @Override
    public void onFallback(int streamId, int status, int bytes) {
        throw new IllegalStateException("a message of " + bytes + " bytes fell back");
    }

    @Override
    public void onFallbackPart(ByteBuffer part, boolean last) {}

    // ---------------------------------------------------------------- shared memory

    /** Waits for an element; returns the chain that it brings. */
    static Slice take(QueuePair queues, Region region) {
        while (queues.receive().take() == 0) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return region.receive(queues.receive().offset(0));
    }

    /** Returns a frame in slices of its own. */
    static Slice frame(Region region, long sequence, String prefix, ByteBuffer payload) {
        ChainWriter writer = new ChainWriter(region, () -> {
            throw new IllegalStateException("the region is full");
        });
        Frames.write(writer, sequence, prefix, payload);
        Slice chain = writer.chain();
        Region.handOver(chain);
        return chain;
    }

    /** Writes an element where the next one will be, without publishing it; that of an empty queue is its first. */
    static void writeElement(ByteBuffer queue, Slice chain) {
        Cells.storePlain(queue, QueueLayout.HEADER_BYTES + QueueLayout.ELEMENT_STREAM_ID, STREAM_ID);
        Cells.storePlain(queue, QueueLayout.HEADER_BYTES + QueueLayout.ELEMENT_OFFSET, chain.headerOffset());
        Cells.storeRelease(queue, QueueLayout.HEADER_BYTES + QueueLayout.ELEMENT_STATUS, OPEN);
    }

    static void publish(QueuePair queues, Slice chain) {
        queues.send().put(STREAM_ID, chain.headerOffset(), OPEN, 0);
    }

    void wake(QueuePair queues) {
        if (queues.send().mustWake()) {
            connection.post(MessageType.POLLING);
        }
    }

    /** Takes the first of the two steps of a recycle: the slice is the tail, and nothing leads to it. */
    static void halfRecycle(SharedRegion shared, Slice slice) {
        ByteBuffer memory = shared.memory().bytes();
        int slices = ONLY_LIST + FreeListLayout.HEADER_BYTES;
        Cells.storePlain(memory, slice.headerOffset() + SliceLayout.SIZE, 0);
        Cells.storePlain(memory, slice.headerOffset() + SliceLayout.START, 0);
        Cells.storeRelease(memory, slice.headerOffset() + SliceLayout.FLAGS, 0);
        Cells.storeRelease(memory, ONLY_LIST + FreeListLayout.TAIL, slice.headerOffset() - slices);
    }

    /** Returns the half of the queues' memory that a side sends on. */
    static ByteBuffer sendHalf(SharedMemory queues, boolean client) {
        ByteBuffer bytes = queues.bytes();
        int half = bytes.capacity() / 2;
        return bytes.slice(client ? 0 : half, half).order(bytes.order());
    }
}
