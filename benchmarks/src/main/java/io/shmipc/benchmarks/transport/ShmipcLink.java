package io.shmipc.benchmarks.transport;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Stream;
import io.shmipc.benchmarks.job.Job;
import io.shmipc.benchmarks.job.Payload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A stream, written through {@code reserve} and read through {@code readBytes}, both in place.
 *
 * <p>A message that is larger than the largest slice is reserved and read slice by slice.
 */
final class ShmipcLink implements Link {

    private final Stream stream;
    private final BufferReader reader;
    private final BufferWriter writer;
    private final Job job;
    private final int piece;

    /**
     * @param piece bytes of the largest slice
     */
    ShmipcLink(Stream stream, Job job, int piece) {
        this.stream = stream;
        this.reader = stream.bufferReader();
        this.writer = stream.bufferWriter();
        this.job = job;
        this.piece = piece;
    }

    @Override
    public void put(long number) {
        if (job.bytes() <= piece) {
            ByteBuffer span = writer.reserve(job.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            Payload.write(span, 0, job, number);
        } else {
            putInPieces(number);
        }
    }

    private void putInPieces(long number) {
        int left = job.bytes();
        long word = number;
        while (left > 0) {
            int part = Math.min(left, piece);
            ByteBuffer span = writer.reserve(part).order(ByteOrder.LITTLE_ENDIAN);
            if (left == job.bytes() || job.isFilled()) {
                Payload.write(span, 0, job.ofBytes(part), word);
            }
            word += part / Long.BYTES;
            left -= part;
        }
    }

    @Override
    public void flush() {
        stream.flush();
    }

    @Override
    public void receive(long number) {
        if (job.bytes() <= piece) {
            Payload.check(reader.readBytes(job.bytes()).order(ByteOrder.LITTLE_ENDIAN), 0, job, number);
        } else {
            receiveInPieces(number);
        }
        stream.releaseReadAndReuse();
    }

    private void receiveInPieces(long number) {
        int left = job.bytes();
        long word = number;
        while (left > 0) {
            int part = Math.min(left, piece);
            ByteBuffer span = reader.readBytes(part).order(ByteOrder.LITTLE_ENDIAN);
            if (left == job.bytes() || job.isFilled()) {
                Payload.check(span, 0, job.ofBytes(part), word);
            }
            word += part / Long.BYTES;
            left -= part;
        }
    }

    @Override
    public void acknowledge(long had) {
        writer.reserve(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, had);
        stream.flush();
    }

    @Override
    public long awaitAcknowledgement() {
        long had = reader.readBytes(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        reader.releasePreviousRead();
        return had;
    }

    @Override
    public void close() {
        stream.close();
    }
}
