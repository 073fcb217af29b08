package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.StreamClosedException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Spans that a reader lends, and when the slices under them go back. */
@Timeout(20)
class ChainReaderTests {

    private static final int SLICES = 8;
    private static final int SLICE_BYTES = 16;

    private final Pipe pipe = new Pipe(SLICES, SLICE_BYTES);
    private final ChainReader reader = pipe.reader;

    @Test
    void aSpanWithinOneSliceIsTheRegionItselfAndReadOnly() {
        send(SLICE_BYTES);
        ByteBuffer span = reader.readBytes(4);
        int dataOffset = Regions.FIRST_LIST + 36 + 20;
        pipe.memory.put(dataOffset, (byte) 77);
        assertThat(span.get(0)).isEqualTo((byte) 77);
        assertThat(span.position()).isZero();
        assertThat(span.limit()).isEqualTo(4);
        assertThatThrownBy(() -> span.put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void aSpanAcrossSlicesIsAReadOnlyCopy() {
        byte[] sent = send(3 * SLICE_BYTES);
        ByteBuffer span = reader.readBytes(2 * SLICE_BYTES + 1);
        pipe.memory.put(Regions.FIRST_LIST + 36 + 20, (byte) ~sent[0]);
        assertThat(span).isEqualTo(ByteBuffer.wrap(sent, 0, 2 * SLICE_BYTES + 1));
        assertThat(span.isReadOnly()).isTrue();
        assertThat(reader.hasLent()).isFalse();
    }

    @Test
    void peekingConsumesNothing() {
        byte[] sent = send(3 * SLICE_BYTES);
        assertThat(reader.peek(5)).isEqualTo(ByteBuffer.wrap(sent, 0, 5));
        assertThat(reader.peek(40)).isEqualTo(ByteBuffer.wrap(sent, 0, 40));
        assertThat(reader.peek(40).isReadOnly()).isTrue();
        assertThat(reader.length()).isEqualTo(sent.length);
        assertThat(reader.readBytes(sent.length)).isEqualTo(ByteBuffer.wrap(sent));
    }

    @Test
    void discardingGivesTheSlicesBackAsItGoes() {
        send(3 * SLICE_BYTES);
        reader.discard(2 * SLICE_BYTES + 1);
        assertThat(pipe.far.freeSlices()).isEqualTo(SLICES - 1);
        assertThat(reader.length()).isEqualTo(SLICE_BYTES - 1);
    }

    @Test
    void inALargeRegionSlicesGoBackInGroupsAndTheLastOnesWhenNothingIsLeftToRead() {
        int slices = 1024;
        Pipe large = new Pipe(slices, SLICE_BYTES);
        for (int i = 0; i < 6; i++) {
            large.writer.writeLong(i);
            large.flush();
        }
        // A 256th of the region is a group: four slices.
        assertThat(large.reader.length()).isEqualTo(6 * Long.BYTES);
        int[] inUse = new int[6];
        for (int i = 0; i < 6; i++) {
            large.reader.readLong();
            large.reader.releasePreviousRead();
            inUse[i] = slices - large.far.freeSlices();
        }
        assertThat(inUse).containsExactly(6, 6, 6, 2, 2, 0);
    }

    @Test
    void aReaderThatWaitsForMoreHasGivenBackWhatItRead() {
        Pipe large = new Pipe(1024, SLICE_BYTES);
        large.writer.writeBytes(new byte[2 * SLICE_BYTES + 1]);
        large.flush();
        assertThat(large.reader.length()).isEqualTo(2 * SLICE_BYTES + 1);
        large.reader.discard(2 * SLICE_BYTES + 1 - 4);
        assertThatThrownBy(() -> large.reader.readLong()).isInstanceOf(ShmipcException.class);
        assertThat(large.far.freeSlices()).isEqualTo(1024 - 2);
    }

    @Test
    void readingNothingTakesNothing() {
        assertThat(reader.readBytes(0).hasRemaining()).isFalse();
        assertThat(reader.peek(0).hasRemaining()).isFalse();
        assertThat(reader.readString(0)).isEmpty();
        reader.discard(0);
        reader.readBytes(new byte[0], 0, 0);
        assertThat(reader.hasLent()).isFalse();
    }

    @Test
    void slicesUnderSpansStayUntilTheRelease() {
        byte[] sent = send(3 * SLICE_BYTES);
        ByteBuffer first = reader.readBytes(SLICE_BYTES);
        ByteBuffer second = reader.readBytes(SLICE_BYTES);
        reader.discard(SLICE_BYTES);
        assertThat(pipe.far.freeSlices()).isEqualTo(SLICES - 3);
        assertThat(reader.hasLent()).isTrue();
        assertThat(first).isEqualTo(ByteBuffer.wrap(sent, 0, SLICE_BYTES));
        assertThat(second).isEqualTo(ByteBuffer.wrap(sent, SLICE_BYTES, SLICE_BYTES));

        reader.releasePreviousRead();
        assertThat(pipe.far.freeSlices()).isEqualTo(SLICES);
        assertThat(reader.hasLent()).isFalse();
    }

    @Test
    void aReleaseReturnsWhatWasReadAndKeepsTheRest() {
        byte[] sent = send(SLICE_BYTES + 4);
        reader.readBytes(SLICE_BYTES + 1);
        reader.releasePreviousRead();
        assertThat(pipe.far.freeSlices()).isEqualTo(SLICES - 1);
        assertThat(reader.readBytes(3)).isEqualTo(ByteBuffer.wrap(sent, SLICE_BYTES + 1, 3));
    }

    @Test
    void aReleaseReturnsAMessageThatWasReadAlsoWhenTheNextHasArrived() {
        send(4);
        byte[] next = send(4);
        assertThat(reader.length()).isEqualTo(8);
        reader.readInt();
        reader.releasePreviousRead();
        assertThat(pipe.far.freeSlices()).isEqualTo(SLICES - 1);
        assertThat(reader.readBytes(4)).isEqualTo(ByteBuffer.wrap(next));
    }

    @Test
    void emptySlicesInsideAChainAreRecycledOnTheWay() {
        Slice head = pipe.near.allocate(1);
        Slice empty = pipe.near.allocate(1);
        Slice tail = pipe.near.allocate(1);
        head.memory().put(head.writePosition(), (byte) 1);
        head.extend(1);
        tail.memory().put(tail.writePosition(), (byte) 2);
        tail.extend(1);
        head.next(empty);
        empty.next(tail);
        Region.handOver(head);
        reader.append(pipe.far.receive(head.headerOffset()));

        assertThat(reader.readShort()).isEqualTo((short) 0x0102);
        reader.releasePreviousRead();
        assertThat(pipe.far.freeSlices()).isEqualTo(SLICES);
    }

    @Test
    void theLastSliceReadCanBeKeptForWriting() {
        send(SLICE_BYTES + 4);
        reader.readBytes(SLICE_BYTES + 4);
        Slice kept = reader.releaseKeepingLast();
        assertThat(kept).isNotNull();
        assertThat(pipe.far.freeSlices()).isEqualTo(SLICES - 1);

        ChainWriter answer = new ChainWriter(pipe.far, () -> {});
        answer.reuse(kept);
        answer.writeInt(7);
        assertThat(answer.chain()).isSameAs(kept);
        assertThat(kept.unread()).isEqualTo(Integer.BYTES);
        assertThat(reader.length()).isZero();
        answer.recycle();
        assertThat(pipe.far.freeSlices()).isEqualTo(SLICES);
    }

    @Test
    void nothingIsKeptForWritingWhileBytesAreUnread() {
        send(4);
        reader.readShort();
        assertThat(reader.releaseKeepingLast()).isNull();
        assertThat(reader.readShort()).isNotZero();
    }

    @Test
    void ordinaryMemoryIsNotKeptForWriting() {
        reader.append(Slice.onHeap(new byte[] {1, 2, 3, 4}));
        assertThat(reader.readInt()).isEqualTo(0x01020304);
        assertThat(reader.releaseKeepingLast()).isNull();
        reader.releasePreviousRead();
        assertThat(reader.length()).isZero();
    }

    @Test
    void moreThanThereIsIsAwaited() {
        send(4);
        send(4);
        assertThat(reader.readLong()).isNotZero();
        assertNotEnough(() -> reader.readByte());
        assertNotEnough(() -> reader.readLong());
        assertNotEnough(() -> reader.readBytes(1));
        assertNotEnough(() -> reader.peek(1));
        assertNotEnough(() -> reader.discard(1));
        assertNotEnough(() -> reader.readBytes(new byte[3], 0, 1));
        assertNotEnough(() -> reader.readBytes(ByteBuffer.allocate(1)));
    }

    @Test
    void aLengthThatNeverArrivesAllocatesNothing() {
        send(4);
        assertNotEnough(() -> reader.readString(Integer.MAX_VALUE));
        assertNotEnough(() -> reader.readBytes(Integer.MAX_VALUE));
        assertNotEnough(() -> reader.peek(Integer.MAX_VALUE));
        assertThat(reader.readInt()).isNotZero();
    }

    @Test
    void negativeSizesAreRefused() {
        assertRefused(() -> reader.readBytes(-1), "-1");
        assertRefused(() -> reader.peek(-2), "-2");
        assertRefused(() -> reader.readString(-3), "-3");
        assertRefused(() -> reader.discard(-4), "-4");
        assertThatThrownBy(() -> reader.readBytes(new byte[4], 2, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aClosedReaderFailsAndRecyclesWhatItHolds() {
        send(2 * SLICE_BYTES);
        reader.readBytes(SLICE_BYTES);
        reader.close();
        assertThatThrownBy(reader::readByte)
                .isInstanceOfSatisfying(
                        StreamClosedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STREAM_CLOSED));
        reader.recycle();
        assertThat(pipe.far.freeSlices()).isEqualTo(SLICES);
        assertThat(reader.held()).isZero();
    }

    @Test
    void theThreadThatTookDataIsRemembered() throws InterruptedException {
        assertThat(reader.isUsedOnlyBy(Thread.currentThread())).isTrue();
        Thread other = new Thread(() -> {
            send(1);
            reader.readByte();
        });
        other.start();
        other.join();
        assertThat(reader.isUsedOnlyBy(other)).isTrue();
        assertThat(reader.isUsedOnlyBy(Thread.currentThread())).isFalse();
    }

    private byte[] send(int bytes) {
        byte[] sent = Regions.pattern(bytes, 1);
        pipe.writer.writeBytes(sent);
        pipe.flush();
        return sent;
    }

    private static void assertNotEnough(ThrowingCallable read) {
        assertThatThrownBy(read)
                .isInstanceOfSatisfying(
                        ShmipcException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_ENOUGH_DATA));
    }

    private static void assertRefused(ThrowingCallable read, String value) {
        assertThatThrownBy(read).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(value);
    }
}
