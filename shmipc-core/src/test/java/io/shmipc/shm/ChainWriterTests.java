package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shmipc.Reason;
import io.shmipc.StreamClosedException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reserved spans, ordinary memory, and what becomes of a chain that is not sent. */
@Timeout(20)
class ChainWriterTests {

    private static final int SLICES = 6;
    private static final int SLICE_BYTES = 16;

    private final Pipe pipe = new Pipe(SLICES, SLICE_BYTES);
    private final ChainWriter writer = pipe.writer;

    @Test
    void aReservedSpanIsTheRegionItself() {
        ByteBuffer span = writer.reserve(8);
        assertThat(span.position()).isZero();
        assertThat(span.limit()).isEqualTo(8);
        span.putLong(42);
        assertThat(writer.length()).isEqualTo(8);
        pipe.flush();
        assertThat(pipe.reader.readLong()).isEqualTo(42);
        pipe.closeAndExpectAllFree();
    }

    @Test
    void aReservedSpanNeverCrossesSlices() {
        writer.writeBytes(new byte[10]);
        writer.reserve(10).put(Regions.pattern(10, 5));
        writer.writeByte((byte) 9);
        pipe.flush();
        pipe.reader.discard(10);
        assertThat(pipe.reader.readBytes(10)).isEqualTo(ByteBuffer.wrap(Regions.pattern(10, 5)));
        assertThat(pipe.reader.readByte()).isEqualTo((byte) 9);
        pipe.closeAndExpectAllFree();
    }

    @Test
    void aReservedSpanLargerThanASliceIsOrdinaryMemory() {
        writer.writeInt(1);
        ByteBuffer span = writer.reserve(SLICE_BYTES + 1);
        assertThat(span.remaining()).isEqualTo(SLICE_BYTES + 1);
        assertThat(writer.isShared()).isFalse();
        assertThat(writer.wasRefused()).as("no region could give that").isFalse();
        assertThat(pipe.exhaustions).isZero();
        span.put(Regions.pattern(SLICE_BYTES + 1, 6));
        writer.writeInt(2);
        pipe.flush();
        assertThat(pipe.reader.readInt()).isEqualTo(1);
        assertThat(pipe.reader.readBytes(SLICE_BYTES + 1)).isEqualTo(ByteBuffer.wrap(Regions.pattern(17, 6)));
        assertThat(pipe.reader.readInt()).isEqualTo(2);
        pipe.closeAndExpectAllFree();
    }

    @Test
    void whatNotEvenTheEmptyRegionCouldHoldTakesNoSliceOfIt() {
        writer.writeBytes(new byte[SLICES * SLICE_BYTES + 1]);
        assertThat(writer.isShared()).isFalse();
        assertThat(writer.wasRefused()).isFalse();
        assertThat(pipe.exhaustions).isZero();
        assertThat(pipe.near.freeSlices()).isEqualTo(SLICES);
        writer.recycle();
    }

    @Test
    void aWriterSharesAgainAfterItFellBack() {
        writer.writeBytes(new byte[SLICES * SLICE_BYTES]);
        assertThat(writer.isShared()).isFalse();
        assertThat(writer.wasRefused()).isTrue();
        assertThat(pipe.exhaustions).isEqualTo(1);
        pipe.flush();
        writer.writeInt(5);
        assertThat(writer.isShared()).isTrue();
        assertThat(writer.wasRefused()).isFalse();
        pipe.flush();
        pipe.reader.discard(SLICES * SLICE_BYTES);
        assertThat(pipe.reader.readInt()).isEqualTo(5);
        pipe.closeAndExpectAllFree();
    }

    @Test
    void aChainThatCouldNotBePublishedIsTakenBackAndRecycled() {
        writer.writeBytes(new byte[3 * SLICE_BYTES]);
        Slice chain = writer.chain();
        Region.handOver(chain);
        Region.takeBack(chain);
        writer.recycle();
        assertThat(writer.length()).isZero();
        assertThat(writer.isVacant()).isTrue();
        assertThat(pipe.near.freeSlices()).isEqualTo(SLICES);
    }

    @Test
    void nothingIsTakenBeforeTheFirstByte() {
        writer.writeBytes(new byte[0]);
        writer.writeString("");
        assertThat(writer.isVacant()).isTrue();
        assertThat(writer.chain()).isNull();
        assertThat(pipe.near.freeSlices()).isEqualTo(SLICES);
    }

    @Test
    void aClosedWriterFails() {
        writer.writeInt(1);
        writer.close();
        assertThatThrownBy(() -> writer.writeInt(2))
                .isInstanceOfSatisfying(
                        StreamClosedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STREAM_CLOSED));
        assertThatThrownBy(() -> writer.reserve(1)).isInstanceOf(StreamClosedException.class);
        pipe.closeAndExpectAllFree();
    }

    @Test
    void impossibleSizesAreRefused() {
        assertThatThrownBy(() -> writer.reserve(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> writer.writeBytes(new byte[2], 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(writer.isVacant()).isTrue();
    }

    @Test
    void theThreadThatTookASliceIsRemembered() throws InterruptedException {
        assertThat(writer.isUsedOnlyBy(Thread.currentThread())).isTrue();
        Thread other = new Thread(() -> writer.writeInt(1));
        other.start();
        other.join();
        assertThat(writer.isUsedOnlyBy(other)).isTrue();
        assertThat(writer.isUsedOnlyBy(Thread.currentThread())).isFalse();
    }
}
