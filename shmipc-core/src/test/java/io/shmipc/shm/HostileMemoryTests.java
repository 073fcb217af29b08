package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ShmipcException;
import io.shmipc.SliceSize;
import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.RegionLayout;
import io.shmipc.layout.SliceLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
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
    private final List<Integer> regionWords;
    private final List<Integer> queueWords;
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
            send.put(2, chain.headerOffset(), 0);
        }
        region.get(0, regionAtFirst);
        queues.get(0, queuesAtFirst);
        regionWords = headerWords();
        queueWords = IntStream.range(0, queues.capacity() / 4)
                .mapToObj(word -> 4 * word)
                .toList();
    }

    /** Returns where the words lie that are not data, those of region and lists as often as those of slices. */
    private List<Integer> headerWords() {
        List<Integer> words = new ArrayList<>();
        int list = RegionLayout.HEADER_BYTES;
        for (int i = 0; i < SIZES.size(); i++) {
            int capacity = region.getInt(list + FreeListLayout.CAPACITY);
            for (int slice = 0; slice < capacity; slice++) {
                int header = list
                        + FreeListLayout.HEADER_BYTES
                        + slice * (SliceLayout.HEADER_BYTES + SIZES.get(i).bytes());
                for (int word = 0; word < SliceLayout.HEADER_BYTES; word += 4) {
                    words.add(header + word);
                    words.add(list + word);
                }
            }
            words.add(RegionLayout.LISTS);
            words.add(RegionLayout.USED_BYTES);
            list += (int) FreeListLayout.listBytes(capacity, SIZES.get(i).bytes());
        }
        return words;
    }

    @Test
    void damagedGeometryIsRefusedOrHarmless() {
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Random random = restore(seed);
            damage(region, regionWords, random, 1 + random.nextInt(4));
            damage(queues, queueWords, random, random.nextInt(3));
            attempt(seed, () -> use(Region.read(region), QueuePair.read(queues), random));
        }
        assertThat(refusals).isPositive();
        assertThat(successes).isPositive();
    }

    @Test
    void damageAfterTheMappingIsRefusedOrHarmless() {
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Random random = restore(seed);
            Region read = Region.read(region);
            QueuePair pair = QueuePair.read(queues);
            damage(region, regionWords, random, 1 + random.nextInt(4));
            damage(queues, queueWords, random, random.nextInt(3));
            attempt(seed, () -> use(read, pair, random));
        }
        assertThat(refusals).isPositive();
        assertThat(successes).isPositive();
    }

    @Test
    void damageUnderWayIsRefusedOrHarmless() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        Thread vandal = new Thread(() -> {
            Random random = new Random(1);
            while (!done.get()) {
                damage(region, regionWords, random, 1);
                damage(queues, queueWords, random, 1);
            }
        });
        vandal.start();
        try {
            for (int seed = 0; seed < MUTATIONS / 4; seed++) {
                Random random = restore(seed);
                attempt(seed, () -> use(Region.read(region), QueuePair.read(queues), random));
            }
        } finally {
            done.set(true);
            vandal.join();
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

    private static void damage(ByteBuffer memory, List<Integer> words, Random random, int count) {
        for (int i = 0; i < count; i++) {
            int at = words.get(random.nextInt(words.size()));
            int value = switch (random.nextInt(8)) {
                case 0 -> 0;
                case 1 -> -1;
                case 2 -> Integer.MIN_VALUE;
                case 3 -> Integer.MAX_VALUE;
                case 4 -> random.nextInt();
                case 5 -> memory.getInt(at) + 1 - random.nextInt(3);
                case 6 -> memory.getInt(at) ^ 1 << random.nextInt(32);
                default -> random.nextInt(memory.capacity());
            };
            memory.putInt(at, value);
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
        if (send.put(2, chain.headerOffset(), 0) == SendQueue.Outcome.CORRUPT) {
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
