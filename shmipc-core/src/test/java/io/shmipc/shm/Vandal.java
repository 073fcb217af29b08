package io.shmipc.shm;

import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.RegionLayout;
import io.shmipc.layout.SliceLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Damages the words of a region and of its queues that are not data. The same random numbers do the same damage.
 *
 * <p><b>Threads:</b> any.
 */
public final class Vandal {

    private final ByteBuffer region;
    private final ByteBuffer queues;
    private final List<Integer> regionWords;
    private final List<Integer> queueWords;

    /** Looks where the words of a region lie, which is whole as yet, and of its queues. */
    public Vandal(ByteBuffer region, ByteBuffer queues) {
        this.region = region;
        this.queues = queues;
        this.regionWords = headerWords();
        this.queueWords = IntStream.range(0, queues.capacity() / 4)
                .mapToObj(word -> 4 * word)
                .toList();
    }

    /** Returns where the words lie that are not data, those of region and lists as often as those of slices. */
    private List<Integer> headerWords() {
        List<Integer> words = new ArrayList<>();
        int list = RegionLayout.HEADER_BYTES;
        int lists = region.getInt(RegionLayout.LISTS) & 0xffff;
        for (int i = 0; i < lists; i++) {
            int capacity = region.getInt(list + FreeListLayout.CAPACITY);
            int sliceBytes = region.getInt(list + FreeListLayout.SLICE_BYTES);
            for (int slice = 0; slice < capacity; slice++) {
                int header = list + FreeListLayout.HEADER_BYTES + slice * (SliceLayout.HEADER_BYTES + sliceBytes);
                for (int word = 0; word < SliceLayout.HEADER_BYTES; word += 4) {
                    words.add(header + word);
                    words.add(list + word);
                }
            }
            words.add(RegionLayout.LISTS);
            words.add(RegionLayout.USED_BYTES);
            list += (int) FreeListLayout.listBytes(capacity, sliceBytes);
        }
        return words;
    }

    /** Damages some words of the region. */
    public void damageRegion(Random random, int count) {
        damage(region, regionWords, random, count);
    }

    /** Damages some words of the queues. */
    public void damageQueues(Random random, int count) {
        damage(queues, queueWords, random, count);
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
}
