package io.shmipc.sample.lab.measure;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;

/** Through shared memory, to the raw handler. */
final class StreamPingPong implements PingPong {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** As the handler writes them, so that most are read where they lie. */
    private static final int LARGEST_SLICE_BYTES = 131_052;

    private final Stream stream;

    StreamPingPong(SessionManager sessions) {
        stream = sessions.getStream();
        stream.setDeadline(Instant.now().plus(PATIENCE));
    }

    @Override
    public long roundTrip(ByteBuffer message) throws IOException {
        BufferWriter writer = stream.bufferWriter();
        writer.writeInt(message.remaining());
        writer.writeBytes(message.duplicate());
        stream.flush();
        BufferReader reader = stream.bufferReader();
        int length = reader.readInt();
        if (length != message.remaining()) {
            throw new IOException(length + " bytes came back instead of " + message.remaining());
        }
        long sum = 0;
        int left = length;
        for (int room = LARGEST_SLICE_BYTES - Integer.BYTES; left > 0; room = LARGEST_SLICE_BYTES) {
            ByteBuffer piece = reader.readBytes(Math.min(left, room));
            left -= piece.remaining();
            sum += Checksum.of(piece);
        }
        stream.releaseReadAndReuse();
        return sum;
    }

    @Override
    public void close() {
        stream.close();
    }
}
