package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.SliceSize;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every typed method of writer and reader, wherever the borders between slices fall. */
@Timeout(20)
class ChainTests {

    private static final int SLICES = 200;
    private static final int[] SLICE_BYTES = {4, 8, 12, 16, 20, 64};
    private static final String TEXT = "grüße, 共享内存";
    private static final byte[] BYTES = Regions.pattern(23, 9);

    record Borders(int sliceBytes, int lead) {}

    /** Every position of the first value in its slice, for every slice size. */
    static IntStream sliceSizes() {
        return IntStream.of(SLICE_BYTES);
    }

    static Stream<Borders> borders() {
        return sliceSizes()
                .boxed()
                .flatMap(bytes -> IntStream.range(0, bytes).mapToObj(lead -> new Borders(bytes, lead)));
    }

    @ParameterizedTest
    @MethodSource("borders")
    void everyValueIsReadAsItWasWritten(Borders borders) {
        Pipe pipe = new Pipe(SLICES, borders.sliceBytes());
        pipe.writer.writeBytes(new byte[borders.lead()]);
        writeOneOfEach(pipe.writer);
        assertThat(pipe.writer.length()).isEqualTo(borders.lead() + expected().length);
        assertThat(pipe.writer.isShared()).isTrue();
        pipe.flush();

        pipe.reader.discard(borders.lead());
        assertOneOfEach(pipe.reader);
        assertThat(pipe.reader.length()).isZero();
        pipe.reader.releasePreviousRead();
        assertThat(pipe.near.freeSlices()).isEqualTo(SLICES);
    }

    @ParameterizedTest
    @MethodSource("borders")
    void theBytesAreTheBigEndianOnes(Borders borders) {
        Pipe pipe = new Pipe(SLICES, borders.sliceBytes());
        pipe.writer.writeBytes(new byte[borders.lead()]);
        writeOneOfEach(pipe.writer);
        pipe.flush();

        pipe.reader.discard(borders.lead());
        byte[] all = new byte[pipe.reader.length() + 2];
        pipe.reader.readBytes(all, 1, all.length - 2);
        assertThat(ByteBuffer.wrap(all, 1, all.length - 2)).isEqualTo(ByteBuffer.wrap(expected()));
        assertThat(all[0]).isZero();
        assertThat(all[all.length - 1]).isZero();
        pipe.closeAndExpectAllFree();
    }

    @ParameterizedTest
    @MethodSource("sliceSizes")
    void manyMessagesReadAsOneAreOneSequence(int sliceBytes) {
        Pipe pipe = new Pipe(SLICES, sliceBytes);
        for (int i = 0; i < 10; i++) {
            pipe.writer.writeInt(i);
            pipe.flush();
            pipe.writer.writeLong(i);
            pipe.flush();
        }
        for (int i = 0; i < 10; i++) {
            assertThat(pipe.reader.readInt()).isEqualTo(i);
            assertThat(pipe.reader.readLong()).isEqualTo(i);
        }
        pipe.closeAndExpectAllFree();
    }

    @ParameterizedTest
    @MethodSource("sliceSizes")
    void valuesThatTheRegionCannotHoldTravelInOrdinaryMemory(int sliceBytes) {
        Pipe pipe = new Pipe(4, sliceBytes);
        for (int i = 0; i < 50; i++) {
            writeOneOfEach(pipe.writer);
        }
        assertThat(pipe.writer.isShared()).isFalse();
        assertThat(pipe.near.freeSlices()).as("the last one is never given out").isPositive();
        pipe.flush();
        assertThat(pipe.near.freeSlices()).isEqualTo(4);

        for (int i = 0; i < 50; i++) {
            assertOneOfEach(pipe.reader);
        }
        pipe.closeAndExpectAllFree();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void aValueNeverSpillsIntoTheNextSlicesHeader(int valueBytes) {
        Pipe pipe = new Pipe(8, 4);
        for (int i = 0; i < 4; i++) {
            switch (valueBytes) {
                case 1 -> pipe.writer.writeByte((byte) -1);
                case 2 -> pipe.writer.writeShort((short) -1);
                case 4 -> pipe.writer.writeInt(-1);
                default -> pipe.writer.writeLong(-1);
            }
        }
        pipe.writer.recycle();
        ByteBuffer untouched = Regions.memoryFor(8, 4);
        Regions.format(untouched, 4);
        for (int slice = 0; slice < 8; slice++) {
            int capacityWord = Regions.FIRST_LIST + 36 + slice * 24;
            assertThat(pipe.memory.getInt(capacityWord)).isEqualTo(untouched.getInt(capacityWord));
        }
    }

    @Test
    void aMessageUsesTheSmallestSlicesThatHoldIt() {
        ByteBuffer memory = Regions.memory(64 << 10);
        Region region = Region.format(memory, List.of(new SliceSize(64, 50), new SliceSize(1024, 50)));
        ChainWriter writer = new ChainWriter(region, () -> {});
        writer.writeBytes(new byte[1024 + 60]);
        Slice first = writer.chain();
        assertThat(first.capacity()).isEqualTo(1024);
        assertThat(first.next().capacity()).isEqualTo(64);
        assertThat(first.next().next()).isNull();
        writer.recycle();
        assertThat(region.freeSlices()).isEqualTo(region.totalSlices());
    }

    private static void writeOneOfEach(BufferWriter writer) {
        writer.writeByte((byte) -2);
        writer.writeShort((short) 0x8123);
        writer.writeInt(0x81234567);
        writer.writeLong(0x8123456789abcdefL);
        writer.writeString(TEXT);
        writer.writeBytes(BYTES);
        writer.writeBytes(BYTES, 3, 5);
        ByteBuffer source = ByteBuffer.wrap(BYTES, 1, 20);
        writer.writeBytes(source);
        assertThat(source.hasRemaining()).isFalse();
    }

    private static void assertOneOfEach(BufferReader reader) {
        assertThat(reader.readByte()).isEqualTo((byte) -2);
        assertThat(reader.readShort()).isEqualTo((short) 0x8123);
        assertThat(reader.readInt()).isEqualTo(0x81234567);
        assertThat(reader.readLong()).isEqualTo(0x8123456789abcdefL);
        assertThat(reader.readString(TEXT.getBytes(StandardCharsets.UTF_8).length))
                .isEqualTo(TEXT);
        assertThat(reader.readBytes(BYTES.length)).isEqualTo(ByteBuffer.wrap(BYTES));
        assertThat(reader.peek(5)).isEqualTo(ByteBuffer.wrap(BYTES, 3, 5));
        reader.discard(5);
        ByteBuffer target = ByteBuffer.allocate(22).position(1).limit(21);
        reader.readBytes(target);
        assertThat(target.hasRemaining()).isFalse();
        assertThat(target.flip().position(1)).isEqualTo(ByteBuffer.wrap(BYTES, 1, 20));
    }

    private static byte[] expected() {
        byte[] text = TEXT.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(15 + text.length + BYTES.length + 25)
                .put((byte) -2)
                .putShort((short) 0x8123)
                .putInt(0x81234567)
                .putLong(0x8123456789abcdefL)
                .put(text)
                .put(BYTES)
                .put(BYTES, 3, 5)
                .put(BYTES, 1, 20)
                .array();
    }
}
