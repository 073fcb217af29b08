package io.shmipc.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The numbers of the protocol's drawings, once more and by hand: changing one breaks every peer. */
class LayoutTests {

    @Test
    void aQueueLiesAsOnItsProcessor() {
        assertThat(QueueLayout.CAPACITY).isZero();
        assertThat(QueueLayout.X86_64.head()).isEqualTo(4);
        assertThat(QueueLayout.X86_64.tail()).isEqualTo(12);
        assertThat(QueueLayout.X86_64.working()).isEqualTo(20);
        assertThat(QueueLayout.AARCH64.working()).isEqualTo(4);
        assertThat(QueueLayout.AARCH64.head()).isEqualTo(8);
        assertThat(QueueLayout.AARCH64.tail()).isEqualTo(16);
        assertThat(QueueLayout.ofThisMachine())
                .isEqualTo(System.getProperty("os.arch").equals("aarch64") ? QueueLayout.AARCH64 : QueueLayout.X86_64);
    }

    @Test
    void anElementHasThreeWords() {
        assertThat(QueueLayout.ELEMENT_STREAM_ID).isZero();
        assertThat(QueueLayout.ELEMENT_OFFSET).isEqualTo(4);
        assertThat(QueueLayout.ELEMENT_STATUS).isEqualTo(8);
        assertThat(QueueLayout.STATE_MASK).isEqualTo(255);
        assertThat(QueueLayout.queueBytes(64)).isEqualTo(24 + 12 * 64);
        assertThat(QueueLayout.queueBytes(Integer.MAX_VALUE)).isEqualTo(24 + 12L * Integer.MAX_VALUE);
    }

    @Test
    void aRegionAndItsListsLieAsDrawn() {
        assertThat(RegionLayout.LISTS).isZero();
        assertThat(RegionLayout.USED_BYTES).isEqualTo(4);
        assertThat(RegionLayout.HEADER_BYTES).isEqualTo(8);
        assertThat(FreeListLayout.SIZE).isZero();
        assertThat(FreeListLayout.CAPACITY).isEqualTo(4);
        assertThat(FreeListLayout.HEAD).isEqualTo(8);
        assertThat(FreeListLayout.TAIL).isEqualTo(12);
        assertThat(FreeListLayout.SLICE_BYTES).isEqualTo(16);
        assertThat(FreeListLayout.HEADER_BYTES).isEqualTo(36);
    }

    @Test
    void theBytesOfAListAreRightForAnyNumbers() {
        assertThat(FreeListLayout.listBytes(511, 1004)).isEqualTo(36 + 511 * 1024);
        assertThat(FreeListLayout.listBytes(Integer.MAX_VALUE, Integer.MAX_VALUE))
                .isEqualTo(36 + Integer.MAX_VALUE * (20L + Integer.MAX_VALUE));
    }

    @Test
    void aSliceLiesAsDrawn() {
        assertThat(SliceLayout.CAPACITY).isZero();
        assertThat(SliceLayout.SIZE).isEqualTo(4);
        assertThat(SliceLayout.START).isEqualTo(8);
        assertThat(SliceLayout.NEXT).isEqualTo(12);
        assertThat(SliceLayout.FLAGS).isEqualTo(16);
        assertThat(SliceLayout.HEADER_BYTES).isEqualTo(20);
        assertThat(SliceLayout.HAS_NEXT).isEqualTo(1);
        assertThat(SliceLayout.IN_USE).isEqualTo(2);
    }

    @Test
    void aMessageLiesAsDrawn() {
        assertThat(MessageLayout.LENGTH).isZero();
        assertThat(MessageLayout.MAGIC).isEqualTo(4);
        assertThat(MessageLayout.VERSION).isEqualTo(6);
        assertThat(MessageLayout.TYPE).isEqualTo(7);
        assertThat(MessageLayout.PAYLOAD).isEqualTo(8);
        assertThat(MessageLayout.MAGIC_NUMBER).isEqualTo((short) 0x7758);
    }
}
