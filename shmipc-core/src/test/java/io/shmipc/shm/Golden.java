package io.shmipc.shm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The memory that a real peer left, step by step; {@code golden/README.md} tells how it was made. */
final class Golden {

    static final int REGION_BYTES = 1 << 20;
    static final int QUEUE_CAPACITY = 64;

    static final String CREATED = "00-created";
    static final String ONE_MESSAGE = "01-one-message-100B";
    static final String CHAIN = "02-chain-40000B";
    static final String SECOND_STREAM_AND_CLOSE = "03-second-stream-and-close";
    static final String AFTER_FALLBACK = "04-after-fallback";

    private Golden() {}

    static ByteBuffer region(String step) {
        return memoryOf("region-" + step);
    }

    static ByteBuffer queue(String step) {
        return memoryOf("queue-" + step);
    }

    private static ByteBuffer memoryOf(String name) {
        try (InputStream packed = Golden.class.getResourceAsStream("/golden/" + name + ".bin.gz")) {
            byte[] bytes = new GZIPInputStream(Objects.requireNonNull(packed, name)).readAllBytes();
            return Regions.memory(bytes.length).put(0, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
