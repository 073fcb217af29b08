package io.shmipc.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much memory the control groups of this process leave it. Who takes more is killed instead of told, so it is looked
 * at beforehand. Reads both versions of control groups; where neither limits memory, everything is left.
 *
 * <p><b>Threads:</b> any.
 */
public final class MemoryLimit {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    /** Bytes that a group may use, bytes that it uses, and what of them the system can have back at any time. */
    private record Names(String limit, String usage, String inactive, String active) {}

    private static final Names VERSION_1 =
            new Names("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", "total_active_file");
    private static final Names VERSION_2 = new Names("memory.max", "memory.current", "inactive_file", "active_file");

    private MemoryLimit() {}

    /** Returns the bytes that this process can still take, Long.MAX_VALUE without a limit. */
    public static long bytesLeft() {
        long left = Long.MAX_VALUE;
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
                String[] parts = line.split(":", 3);
                if (parts[0].equals("0")) {
                    left = Math.min(left, leftUpwards(ROOT, parts[2], VERSION_2));
                } else if (List.of(parts[1].split(",")).contains("memory")) {
                    left = Math.min(left, leftUpwards(ROOT.resolve("memory"), parts[2], VERSION_1));
                }
            }
        } catch (IOException e) {
            return left;
        }
        return left;
    }

    /** Looks at a group and those above it; in a container the mount may show this process's own group as the root. */
    private static long leftUpwards(Path mount, String group, Names names) {
        long left = Long.MAX_VALUE;
        for (Path path = Path.of(group); path != null; path = path.getParent()) {
            left = Math.min(left, leftIn(mount.resolve(Path.of("/").relativize(path)), names));
        }
        return left;
    }

    private static long leftIn(Path group, Names names) {
        try {
            Long limit = number(Files.readString(group.resolve(names.limit())));
            Long usage = number(Files.readString(group.resolve(names.usage())));
            if (limit == null || usage == null) {
                return Long.MAX_VALUE;
            }
            long reclaimable = 0;
            for (String line : Files.readAllLines(group.resolve("memory.stat"))) {
                String[] words = line.split(" ", -1);
                if (words[0].equals(names.inactive()) || words[0].equals(names.active())) {
                    reclaimable += Long.parseLong(words[1]);
                }
            }
            return Math.max(0, limit - Math.max(0, usage - reclaimable));
        } catch (IOException | NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static @Nullable Long number(String text) {
        String stripped = text.strip();
        return stripped.equals("max") ? null : Long.valueOf(stripped);
    }
}
