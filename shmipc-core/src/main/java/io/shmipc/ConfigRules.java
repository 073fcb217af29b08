package io.shmipc;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * What the values of a {@link ShmipcConfig} must be; each refusal names the property, the value, the rule and what to
 * do.
 */
final class ConfigRules {

    private static final int REGION_HEADER_BYTES = 8;
    private static final int LIST_HEADER_BYTES = 36;

    private static final int OWNER_READ_WRITE = 0600;
    private static final int ALL_PERMISSIONS = 0777;

    /** Longest file name in bytes that Linux file systems take. */
    private static final int MAX_FILE_NAME_BYTES = 255;

    /** Room that a session needs after the path prefix: pid, random part, epoch, queue index. */
    private static final int NAME_SUFFIX_BYTES = 96;

    private ConfigRules() {}

    static Duration positive(String property, Duration value) {
        if (value.isZero() || value.isNegative() || value.compareTo(ShmipcConfig.MAX_DURATION) > 0) {
            throw new InvalidConfigException(
                    property,
                    value.toString(),
                    "be longer than zero and at most " + ShmipcConfig.MAX_DURATION,
                    "Choose a duration such as 1s");
        }
        return value;
    }

    static int queueCapacity(int capacity) {
        if (capacity < 8 || capacity > ShmipcConfig.MAX_QUEUE_CAPACITY || capacity % 8 != 0) {
            throw new InvalidConfigException(
                    "queueCapacity",
                    Integer.toString(capacity),
                    "be a multiple of 8 from 8 to " + ShmipcConfig.MAX_QUEUE_CAPACITY,
                    "Choose the number of messages that may wait for the peer, such as 8192");
        }
        return capacity;
    }

    static List<SliceSize> sliceSizes(List<SliceSize> sizes) {
        if (sizes.isEmpty() || sizes.size() > 256) {
            throw new InvalidConfigException(
                    "sliceSizes", sizes.toString(), "have 1 to 256 entries", "Leave it out for the default of three");
        }
        int percents = 0;
        for (SliceSize size : sizes) {
            if (size.bytes() < 4 || size.bytes() % 4 != 0) {
                throw new InvalidConfigException(
                        "sliceSizes",
                        size.bytes() + " bytes",
                        "be a positive multiple of 4",
                        "Choose a power of two minus " + ShmipcConfig.SLICE_HEADER_BYTES + ", such as 8172");
            }
            if (size.percent() <= 0 || size.percent() > 100) {
                throw new InvalidConfigException(
                        "sliceSizes",
                        size.percent() + " %",
                        "be from 1 to 100",
                        "Give the entry its share of the region, or remove it");
            }
            percents += size.percent();
        }
        if (percents != 100) {
            throw new InvalidConfigException(
                    "sliceSizes",
                    percents + " % in sum",
                    "add up to 100 %",
                    "Change the percents of " + sizes + " so that their sum is 100");
        }
        List<SliceSize> ascending =
                sizes.stream().sorted(Comparator.comparingInt(SliceSize::bytes)).toList();
        for (int i = 1; i < ascending.size(); i++) {
            if (ascending.get(i).bytes() == ascending.get(i - 1).bytes()) {
                throw new InvalidConfigException(
                        "sliceSizes",
                        ascending.get(i).bytes() + " bytes twice",
                        "have one entry per size",
                        "Merge the two entries");
            }
        }
        return ascending;
    }

    static long regionBytes(long bytes, List<SliceSize> sizes) {
        if (bytes < ShmipcConfig.MIN_REGION_BYTES || bytes > Integer.MAX_VALUE) {
            throw new InvalidConfigException(
                    "regionBytes",
                    Long.toString(bytes),
                    "be from " + ShmipcConfig.MIN_REGION_BYTES + " (1 MiB) to " + Integer.MAX_VALUE + " (2 GiB - 1)",
                    "Use several session managers if one region is not enough");
        }
        long usable = bytes - REGION_HEADER_BYTES - (long) LIST_HEADER_BYTES * sizes.size();
        long slices = 0;
        for (SliceSize size : sizes) {
            slices += usable * size.percent() / 100 / (size.bytes() + ShmipcConfig.SLICE_HEADER_BYTES);
            if (usable * size.percent() / 100 < size.bytes() + ShmipcConfig.SLICE_HEADER_BYTES) {
                throw new InvalidConfigException(
                        "regionBytes",
                        Long.toString(bytes),
                        "hold at least one slice of each size, but " + size.percent() + " % of it holds none of "
                                + size.bytes() + " bytes",
                        "Enlarge the region, or that list's share");
            }
        }
        if (slices > ShmipcConfig.MAX_SLICES) {
            throw new InvalidConfigException(
                    "regionBytes",
                    Long.toString(bytes),
                    "hold at most " + ShmipcConfig.MAX_SLICES + " slices, but " + sizes + " make " + slices,
                    "Choose larger slices, or a smaller region");
        }
        return bytes;
    }

    static String pathPrefix(String prefix, MemoryType memoryType) {
        if (prefix.isEmpty() || (memoryType == MemoryType.FILE && !prefix.startsWith("/"))) {
            throw new InvalidConfigException(
                    "pathPrefix",
                    "'" + prefix + "'",
                    "be an absolute path for file memory, and not empty",
                    "Choose a prefix in a memory file system, such as /dev/shm/myapp");
        }
        int longest = prefix.getBytes(StandardCharsets.UTF_8).length + NAME_SUFFIX_BYTES;
        if (longest > MAX_FILE_NAME_BYTES) {
            throw new SharedMemoryException(
                    Reason.FILE_NAME_TOO_LONG,
                    "pathPrefix is '" + prefix + "': with the session's suffix it must stay within "
                            + MAX_FILE_NAME_BYTES + " bytes. Shorten it to "
                            + (MAX_FILE_NAME_BYTES - NAME_SUFFIX_BYTES) + " bytes.");
        }
        return prefix;
    }

    static int fileMode(int mode) {
        if (mode < 0 || mode > ALL_PERMISSIONS || (mode & OWNER_READ_WRITE) != OWNER_READ_WRITE) {
            throw new InvalidConfigException(
                    "fileMode",
                    Integer.toOctalString(mode),
                    "be permission bits up to 777 that let the owner read and write",
                    "Write 660 for a group");
        }
        return mode;
    }

    static long writeBufferBytes(long bytes) {
        if (bytes > Integer.MAX_VALUE) {
            throw new InvalidConfigException(
                    "writeBufferBytes",
                    Long.toString(bytes),
                    "be from 1 to " + Integer.MAX_VALUE + " (2 GiB - 1)",
                    "Flush longer messages in parts");
        }
        return positive("writeBufferBytes", bytes, "Choose the size of the largest message");
    }

    static long unreadFallbackBytes(long bytes) {
        return positive("unreadFallbackBytes", bytes, "Choose what may wait unread outside of shared memory");
    }

    private static long positive(String property, long bytes, String remedy) {
        if (bytes <= 0) {
            throw new InvalidConfigException(
                    property,
                    Long.toString(bytes),
                    "be above 0",
                    remedy + ", in bytes, such as " + ShmipcConfig.DEFAULT_BUFFER_BYTES);
        }
        return bytes;
    }
}
