package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ShmipcException;
import io.shmipc.SliceSize;
import io.shmipc.reliability.Figures;
import io.shmipc.reliability.Reliability;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random damage to shared memory, from fixed seeds: a clear error or a result, never anything else, never a hang. */
@Timeout(60)
class HostileMemoryTests {

    private static final int MUTATIONS = 20_000;
    private static final int REGION_BYTES = 2048;
    private static final int QUEUE_CAPACITY = 8;
    private static final int OPERATIONS = 12;
    private static final List<SliceSize> SIZES =
            List.of(new SliceSize(16, 30), new SliceSize(64, 30), new SliceSize(200, 40));

    private final ByteBuffer region = Regions.memory(REGION_BYTES);
    private final ByteBuffer queues = Regions.memory((int) QueuePair.mappingBytes(QUEUE_CAPACITY));
    private final byte[] regionAtFirst = new byte[region.capacity()];
    private final byte[] queuesAtFirst = new byte[queues.capacity()];
    private final Vandal vandal;
    private int refusals;
    private int successes;

    /** Makes memory in use: a message on the queue, some slices taken. */
    HostileMemoryTests() {
        Region made = Region.format(region, SIZES);
        SendQueue send = QueuePair.format(queues, QUEUE_CAPACITY).send();
        for (int bytes : new int[] {10, 300, 64}) {
            ChainWriter writer = new ChainWriter(made, () -> {});
            writer.writeBytes(Regions.pattern(bytes, bytes));
            Slice chain = writer.chain();
            Region.handOver(chain);
            send.put(2, chain.headerOffset(), 0, 0);
        }
        region.get(0, regionAtFirst);
        queues.get(0, queuesAtFirst);
        vandal = new Vandal(region, queues);
    }

    @Test
    void damagedGeometryIsRefusedOrHarmless() {
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Random random = restore(seed);
            vandal.damageRegion(random, 1 + random.nextInt(4));
            vandal.damageQueues(random, random.nextInt(3));
            attempt(seed, () -> use(Region.read(region), QueuePair.read(queues), random));
        }
        assertThat(refusals).isPositive();
        assertThat(successes).isPositive();
    }

    @Test
    @Reliability
    void damageAfterTheMappingIsRefusedOrHarmless() throws Exception {
        Figures.keep(
                "memory.mutations",
                MUTATIONS,
                "random mutations of mapped memory, each refused or harmless",
                figure -> {
                    for (int seed = 0; seed < figure.count(); seed++) {
                        Random random = restore(seed);
                        Region read = Region.read(region);
                        QueuePair pair = QueuePair.read(queues);
                        vandal.damageRegion(random, 1 + random.nextInt(4));
                        vandal.damageQueues(random, random.nextInt(3));
                        attempt(seed, () -> use(read, pair, random));
                        figure.reached(seed);
                    }
                    assertThat(refusals).isPositive();
                    assertThat(successes).isPositive();
                    return "%,d refused, %,d harmless".formatted(refusals, successes);
                });
    }

    @Test
    void damageUnderWayIsRefusedOrHarmless() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        Thread damage = new Thread(() -> {
            Random random = new Random(1);
            while (!done.get()) {
                vandal.damageRegion(random, 1);
                vandal.damageQueues(random, 1);
            }
        });
        damage.start();
        try {
            for (int seed = 0; seed < MUTATIONS / 4; seed++) {
                Random random = restore(seed);
                attempt(seed, () -> use(Region.read(region), QueuePair.read(queues), random));
            }
        } finally {
            done.set(true);
            damage.join();
        }
        assertThat(refusals).isPositive();
    }

    private Random restore(int seed) {
        region.put(0, regionAtFirst);
        queues.put(0, queuesAtFirst);
        return new Random(seed);
    }

    private void attempt(int seed, Runnable operations) {
        try {
            operations.run();
            successes++;
        } catch (CorruptMemoryException e) {
            refusals++;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + " was not refused as corrupt memory", e);
        }
    }

    /** Does what a session does: receives, reads, writes, sends, gives back. */
    private static void use(Region region, QueuePair queues, Random random) {
        Arrivals arrivals = new Arrivals();
        ChainReader reader = new ChainReader(region, arrivals);
        arrivals.deliverTo(reader);
        ReceiveQueue receive = queues.receive();
        int elements = receive.take();
        for (int i = 0; i < elements; i++) {
            arrivals.add(region.receive(receive.offset(i)));
        }
        if (receive.markSleeping() && elements > 0) {
            assertThat(receive.pending()).isBetween(0, QUEUE_CAPACITY);
        }
        for (int i = 0; i < OPERATIONS; i++) {
            answer(region, queues.send(), random);
            read(reader, random);
        }
        reader.recycle();
        assertThat(region.inUseBytes()).isBetween(0L, region.capacityBytes());
        assertThat(queues.send().pending()).isBetween(0, QUEUE_CAPACITY);
    }

    private static void answer(Region region, SendQueue send, Random random) {
        ChainWriter writer = new ChainWriter(region, () -> {});
        writer.writeBytes(new byte[random.nextInt(400)]);
        writer.writeLong(random.nextLong());
        Slice chain = writer.chain();
        if (!writer.isShared() || random.nextBoolean()) {
            writer.recycle();
            return;
        }
        Region.handOver(chain);
        if (send.put(2, chain.headerOffset(), 0, 0) == SendQueue.Outcome.CORRUPT) {
            Region.takeBack(chain);
            writer.recycle();
            throw new CorruptMemoryException("the head of the send queue");
        }
        send.mustWake();
    }

    private static void read(ChainReader reader, Random random) {
        try {
            int length = reader.length();
            assertThat(length).isNotNegative();
            if (length > 8) {
                reader.readLong();
                reader.peek(random.nextInt(length - 8)).hasRemaining();
                reader.readBytes(random.nextInt(length - 8)).hasRemaining();
            }
            reader.releasePreviousRead();
        } catch (CorruptMemoryException e) {
            throw e;
        } catch (ShmipcException e) {
            throw new AssertionError("the reader waits for bytes that it holds", e);
        }
    }
}
