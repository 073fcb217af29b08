package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;

/** A writer in one process and a reader in another, without the queue and the connection between them. */
final class Pipe {

    final ByteBuffer memory;
    final Region near;
    final Region far;
    final ChainWriter writer;
    final ChainReader reader;
    final Arrivals arrivals = new Arrivals();
    int exhaustions;

    Pipe(int slices, int sliceBytes) {
        memory = Regions.memoryFor(slices, sliceBytes);
        near = Regions.format(memory, sliceBytes);
        far = Region.read(memory);
        writer = new ChainWriter(near, () -> exhaustions++);
        reader = new ChainReader(far, arrivals);
        arrivals.deliverTo(reader);
    }

    /** Hands what was written to the reader: in place if it is shared, else as the connection would carry it. */
    void flush() {
        Slice chain = writer.chain();
        if (writer.isShared()) {
            Region.handOver(chain);
            writer.forget();
            arrivals.add(far.receive(chain.headerOffset()));
        } else {
            byte[] carried = bytesOf(chain);
            writer.recycle();
            arrivals.add(Slice.onHeap(carried));
        }
    }

    /** Ends both ends and makes sure that no slice was lost. */
    void closeAndExpectAllFree() {
        reader.length();
        reader.recycle();
        writer.recycle();
        assertThat(near.freeSlices()).isEqualTo(near.totalSlices());
    }

    static byte[] bytesOf(Slice chain) {
        ByteBuffer bytes = ByteBuffer.allocate(chain.chainBytes());
        for (Slice slice = chain; slice != null; slice = slice.next()) {
            bytes.put(slice.memory().slice(slice.readPosition(), slice.unread()));
        }
        return bytes.array();
    }
}
