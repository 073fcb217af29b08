package io.shmipc.shm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.shmipc.SliceSize;
import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.RegionLayout;
import java.nio.ByteBuffer;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A message is written, handed over and announced: whoever sees the element sees the slice's header and all its data. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The element has not come yet.")
@Outcome(id = "4, 7", expect = ACCEPTABLE, desc = "The whole message.")
@Outcome(expect = FORBIDDEN, desc = "An element came before its message.")
@State
public class MessageTest {

    private static final int SLICES = 2;
    private static final int SLICE_BYTES = 12;

    private final TwoQueues queue = new TwoQueues(1);
    private final Region near;
    private final Region far;

    public MessageTest() {
        ByteBuffer memory =
                Memories.allocate(RegionLayout.HEADER_BYTES + (int) FreeListLayout.listBytes(SLICES, SLICE_BYTES));
        near = Region.format(memory, List.of(new SliceSize(SLICE_BYTES, 100)));
        far = Region.read(memory);
    }

    @Actor
    public void producer() {
        Slice slice = near.allocate(Integer.BYTES);
        if (slice != null) {
            slice.memory().putInt(slice.writePosition(), 7);
            slice.extend(Integer.BYTES);
            Region.handOver(slice);
            queue.send.put(1, slice.headerOffset(), 0, Integer.BYTES);
        }
    }

    @Actor
    public void consumer(II_Result result) {
        if (queue.receive.take() == 1) {
            Slice slice = far.receive(queue.receive.offset(0));
            result.r1 = slice.unread();
            result.r2 = slice.memory().getInt(slice.readPosition());
        }
    }
}
