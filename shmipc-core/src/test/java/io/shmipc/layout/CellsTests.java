package io.shmipc.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Words in native order, numbers of messages in the order of the wire, and the bounds of both. */
@Timeout(20)
class CellsTests {

    private final ByteBuffer memory = ByteBuffer.allocateDirect(16);

    @Test
    void wordsAreInNativeOrderWhateverTheBuffersOrderIs() {
        memory.order(ByteOrder.BIG_ENDIAN);
        Cells.storePlain(memory, 4, 0x01020304);
        assertThat(memory.order(ByteOrder.nativeOrder()).getInt(4)).isEqualTo(0x01020304);
        Cells.storeRelease(memory, 8, -2);
        assertThat(memory.getInt(8)).isEqualTo(-2);
        assertThat(Cells.loadPlain(memory, 4)).isEqualTo(0x01020304);
        assertThat(Cells.loadOpaque(memory, 4)).isEqualTo(0x01020304);
        assertThat(Cells.loadAcquire(memory, 8)).isEqualTo(-2);
    }

    @Test
    void aWordIsExchangedOnlyForTheExpectedOne() {
        Cells.storePlain(memory, 0, 5);
        assertThat(Cells.compareAndSet(memory, 0, 4, 9)).isFalse();
        assertThat(Cells.loadPlain(memory, 0)).isEqualTo(5);
        assertThat(Cells.compareAndSet(memory, 0, 5, 9)).isTrue();
        assertThat(Cells.loadPlain(memory, 0)).isEqualTo(9);
    }

    @Test
    void addingReturnsWhatWasThereAndWraps() {
        Cells.storePlain(memory, 0, Integer.MAX_VALUE);
        assertThat(Cells.getAndAdd(memory, 0, 1)).isEqualTo(Integer.MAX_VALUE);
        assertThat(Cells.loadPlain(memory, 0)).isEqualTo(Integer.MIN_VALUE);
    }

    @Test
    void numbersOfMessagesAreBigEndianAtAnyOffset() {
        Cells.storeShort(memory, 1, (short) 0x8182);
        Cells.storeInt(memory, 3, 0x91929394);
        Cells.storeLong(memory, 7, 0xa1a2a3a4a5a6a7a8L);
        memory.order(ByteOrder.BIG_ENDIAN);
        assertThat(memory.getShort(1)).isEqualTo((short) 0x8182);
        assertThat(memory.getInt(3)).isEqualTo(0x91929394);
        assertThat(memory.getLong(7)).isEqualTo(0xa1a2a3a4a5a6a7a8L);
        assertThat(Cells.loadShort(memory, 1)).isEqualTo((short) 0x8182);
        assertThat(Cells.loadInt(memory, 3)).isEqualTo(0x91929394);
        assertThat(Cells.loadLong(memory, 7)).isEqualTo(0xa1a2a3a4a5a6a7a8L);
    }

    @Test
    void nothingOutsideTheBufferIsTouched() {
        for (int offset : new int[] {-1, 13, 16, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> Cells.loadPlain(memory, offset)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> Cells.storePlain(memory, offset, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> Cells.getAndAdd(memory, offset, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> Cells.loadLong(memory, 9)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void addingFromManyThreadsLosesNothing() throws InterruptedException {
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int n = 0; n < 50_000; n++) {
                    Cells.getAndAdd(memory, 12, 1);
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(Cells.loadAcquire(memory, 12)).isEqualTo(200_000);
    }
}
