package io.shmipc.inspect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Memory of a real peer: regions of 1 MiB with three lists, queues of 64 elements. */
final class Golden {

    static final String REGION_CREATED = "region-00-created";
    static final String REGION_CHAIN = "region-02-chain-40000B";
    static final String REGION_TWO_STREAMS = "region-03-second-stream-and-close";
    static final String REGION_FALLBACK = "region-04-after-fallback";
    static final String QUEUE_CREATED = "queue-00-created";
    static final String QUEUE_TWO_STREAMS = "queue-03-second-stream-and-close";

    /** Offsets of the three lists, as the regions have them. */
    static final int SMALL_LIST = 8;

    static final int LARGE_LIST = 834_640;

    private Golden() {}

    static byte[] bytes(String name) {
        try (InputStream packed = Golden.class.getResourceAsStream("/golden/" + name + ".bin.gz")) {
            return new GZIPInputStream(packed).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a copy in ordinary memory that can be changed. */
    static ByteBuffer memory(String name) {
        byte[] bytes = bytes(name);
        return ByteBuffer.allocateDirect(bytes.length)
                .order(ByteOrder.nativeOrder())
                .put(0, bytes);
    }

    /** Writes a copy into a directory. */
    static Path file(Path directory, String name) {
        try {
            return Files.write(directory.resolve(name), bytes(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Examines memory without waiting between looks. */
    static Examiner examiner(ByteBuffer memory) throws UnrecognisedException {
        return Examiner.of("memory", memory, look -> {});
    }

    static RegionReport region(ByteBuffer memory) {
        try {
            return ((RegionExaminer) examiner(memory)).report();
        } catch (UnrecognisedException e) {
            throw new AssertionError(e);
        }
    }

    static QueuePairReport queues(ByteBuffer memory) {
        try {
            return ((QueueExaminer) examiner(memory)).report();
        } catch (UnrecognisedException e) {
            throw new AssertionError(e);
        }
    }
}
