package io.shmipc.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The memory limit of this process's control group, such as a container's.
 *
 * <p>Taking more does not fail with an error number: the kernel ends the process. So one asks before.
 *
 * <pre>
 * /proc/self/cgroup   files below /sys/fs/cgroup
 * 0::/GROUP           GROUP/memory.max, memory.current, memory.stat                               version 2
 * 4:memory:/GROUP     memory/GROUP/memory.limit_in_bytes, memory.usage_in_bytes, memory.stat      version 1
 * </pre>
 *
 * In a container its own group is often all that the file system shows, and GROUP is not to be found below it.
 *
 * <p><b>Threads:</b> any.
 */
public final class MemoryLimit {

    private static final Path MEMBERSHIPS = Path.of("/proc/self/cgroup");
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");

    private MemoryLimit() {}

    /**
     * Returns how many more bytes the process may take; {@link Long#MAX_VALUE} if nothing limits it, or nobody knows.
     */
    public static long remainingBytes() {
        return remainingBytes(MEMBERSHIPS, GROUPS);
    }

    static long remainingBytes(Path memberships, Path groups) {
        try {
            long remaining = Long.MAX_VALUE;
            for (String membership : Files.readAllLines(memberships)) {
                remaining = Math.min(remaining, remainingBytes(membership.split(":", 3), groups));
            }
            return remaining;
        } catch (IOException | NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static long remainingBytes(String[] membership, Path groups) throws IOException {
        if (membership.length == 3 && membership[1].isEmpty()) {
            Path group = directory(groups, membership[2], "memory.max");
            return remainingBytes(group, "memory.max", "memory.current", "inactive_file", "active_file");
        }
        if (membership.length == 3
                && Arrays.asList(membership[1].split(",", -1)).contains("memory")) {
            Path group = directory(groups.resolve("memory"), membership[2], "memory.limit_in_bytes");
            return remainingBytes(
                    group,
                    "memory.limit_in_bytes",
                    "memory.usage_in_bytes",
                    "total_inactive_file",
                    "total_active_file");
        }
        return Long.MAX_VALUE;
    }

    private static Path directory(Path mount, String group, String file) {
        Path below = mount.resolve(group.substring(1)).normalize();
        return Files.exists(below.resolve(file)) ? below : mount;
    }

    /** What the kernel would give back by itself, its copies of files on disk, does not count as taken. */
    private static long remainingBytes(Path group, String limit, String usage, String... reclaimable)
            throws IOException {
        if (!Files.exists(group.resolve(limit))) {
            return Long.MAX_VALUE;
        }
        String most = Files.readString(group.resolve(limit)).trim();
        if (most.equals("max")) {
            return Long.MAX_VALUE;
        }
        Set<String> names = Set.of(reclaimable);
        long taken = Long.parseLong(Files.readString(group.resolve(usage)).trim());
        try (Stream<String> statistics = Files.lines(group.resolve("memory.stat"))) {
            taken -= statistics
                    .map(line -> line.split(" ", 2))
                    .filter(pair -> names.contains(pair[0]))
                    .collect(Collectors.summingLong(pair -> Long.parseLong(pair[1])));
        }
        return Math.max(0, Long.parseLong(most) - Math.max(0, taken));
    }
}
