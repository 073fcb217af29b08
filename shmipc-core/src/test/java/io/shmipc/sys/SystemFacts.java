package io.shmipc.sys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What /proc tells the tests about this process. */
final class SystemFacts {
    private static final int STAT_BLOCK_BYTES = 512;

    private SystemFacts() {}

    /** Returns the space that a file takes, which stat counts in blocks. */
    static long reservedBytes(Descriptor file) throws IOException {
        try {
            Process stat = new ProcessBuilder(
                            "stat",
                            "-L",
                            "-c",
                            "%b",
                            "/proc/" + ProcessHandle.current().pid() + "/fd/" + file.fd())
                    .start();
            String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            stat.waitFor();
            return Long.parseLong(blocks.strip()) * STAT_BLOCK_BYTES;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Returns the O_ flags of an open descriptor. */
    static int openFlags(Descriptor descriptor) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor.fd()))) {
            if (line.startsWith("flags:")) {
                return Integer.parseInt(line.substring("flags:".length()).strip(), 8);
            }
        }
        throw new IOException("no flags in /proc/self/fdinfo");
    }

    /** Returns the lines of the memory map that contain a text. */
    static List<String> mapsNaming(String text) throws IOException {
        return maps().stream().filter(line -> line.contains(text)).toList();
    }

    /** Tells whether one mapping covers a whole range of addresses. */
    static boolean isMapped(long address, long bytes) throws IOException {
        for (String line : maps()) {
            String[] ends = line.substring(0, line.indexOf(' ')).split("-", 2);
            long start = Long.parseUnsignedLong(ends[0], 16);
            long end = Long.parseUnsignedLong(ends[1], 16);
            if (start <= address && address + bytes <= end) {
                return true;
            }
        }
        return false;
    }

    /** Returns how much shared memory is resident in this process. */
    static long residentSharedBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("RssShmem:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("no RssShmem in /proc/self/status");
    }

    private static List<String> maps() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps"));
    }
}
