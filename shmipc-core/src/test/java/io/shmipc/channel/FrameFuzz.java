package io.shmipc.channel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Makes messages with something wrong in most of them. The same seed makes the same bytes.
 *
 * <p>A message begins as one of the ten types with a payload that fits; then some of its header and payload is damaged,
 * cut off or made longer.
 */
public final class FrameFuzz {

    private static final int MAX_BYTES = 1024;
    private static final int MAX_MESSAGES = 4;
    private static final int[] LENGTHS = {0, 1, 7, 8, 9, 12, 15, 16, 17, 8208, 8209, 1 << 28, 1 << 30, 1 << 31, -1};

    private final Random random;
    private final ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);

    private FrameFuzz(long seed) {
        random = new Random(seed);
    }

    /** Returns one to four messages, one after the other. */
    public static byte[] messages(long seed) {
        FrameFuzz fuzz = new FrameFuzz(seed);
        int count = 1 + fuzz.random.nextInt(MAX_MESSAGES);
        for (int i = 0; i < count; i++) {
            fuzz.message();
        }
        byte[] made = new byte[fuzz.bytes.position()];
        fuzz.bytes.get(0, made);
        return made;
    }

    private void message() {
        int begin = bytes.position();
        MessageType[] types = MessageType.values();
        MessageType type = types[random.nextInt(types.length)];
        bytes.putInt(0)
                .putShort((short) 0x7758)
                .put((byte) (2 + random.nextInt(2)))
                .put(type.number());
        switch (type) {
            case SHARE_MEMORY_BY_FILE_PATH, SHARE_MEMORY_BY_MEMFD -> {
                path();
                path();
            }
            case STREAM_CLOSE -> bytes.putInt(random.nextInt(8));
            case FALLBACK_DATA -> {
                bytes.putInt(random.nextInt(8)).putInt(random.nextInt(4));
                noise(random.nextInt(40));
            }
            case HOT_RESTART, HOT_RESTART_ACK -> bytes.putLong(random.nextLong());
            default -> {}
        }
        bytes.putInt(begin, bytes.position() - begin);
        for (int i = random.nextInt(3); i > 0; i--) {
            damage(begin);
        }
    }

    private void path() {
        byte[] path = ("/dev/shm/" + (random.nextBoolean() ? "no-" + random.nextInt(100) : "../x"))
                .getBytes(StandardCharsets.US_ASCII);
        bytes.putShort((short) path.length).put(path);
    }

    private void noise(int count) {
        byte[] noise = new byte[count];
        random.nextBytes(noise);
        bytes.put(noise);
    }

    private void damage(int begin) {
        int length = bytes.position() - begin;
        int any = begin + random.nextInt(length);
        switch (random.nextInt(8)) {
            case 0 -> bytes.putInt(begin, LENGTHS[random.nextInt(LENGTHS.length)]);
            case 1 -> bytes.putInt(begin, length + random.nextInt(9) - 4);
            case 2 -> bytes.put(begin + 6, (byte) random.nextInt(5));
            case 3 -> bytes.put(begin + 7, (byte) random.nextInt(12));
            case 4 -> bytes.put(any, (byte) (bytes.get(any) ^ 1 << random.nextInt(8)));
            case 5 -> bytes.put(any, (byte) random.nextInt());
            case 6 -> bytes.position(Math.max(begin + 1, bytes.position() - random.nextInt(12)));
            default -> noise(random.nextInt(12));
        }
        if (bytes.position() < begin + 8) {
            noise(8);
        }
    }

    /** Returns the files of bytes that once did harm, here or elsewhere. */
    public static List<Path> regressions() {
        Path directory = Path.of(FrameFuzz.class.getResource("/regressions").getPath());
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".hex"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the bytes that such a file holds. */
    public static byte[] read(Path file) throws IOException {
        return HexFormat.of()
                .parseHex(Files.readAllLines(file).stream()
                        .map(line -> line.replaceAll("#.*|\\s", ""))
                        .collect(Collectors.joining()));
    }
}
