package io.shmipc;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How sessions are made: memory, queues, time-outs, waiting. Immutable; verified when built.
 *
 * <p>The memory settings are the client's to choose; a server maps what its clients made.
 */
public final class ShmipcConfig {

    /** Smallest region in bytes. */
    public static final int MIN_REGION_BYTES = 1 << 20;

    /** Bytes before the data of each slice. */
    public static final int SLICE_HEADER_BYTES = 20;

    private static final int REGION_HEADER_BYTES = 8;
    private static final int LIST_HEADER_BYTES = 36;

    /** Largest capacity of a queue in elements. */
    public static final int MAX_QUEUE_CAPACITY = 1 << 24;

    private static final int OWNER_READ_WRITE = 0600;
    private static final int ALL_PERMISSIONS = 0777;

    /** Longest file name in bytes that Linux file systems take. */
    private static final int MAX_FILE_NAME_BYTES = 255;

    /** Room that a session needs after the path prefix: pid, random part, epoch, queue index. */
    private static final int NAME_SUFFIX_BYTES = 96;

    private static final List<SliceSize> DEFAULT_SLICE_SIZES = List.of(
            new SliceSize((8 << 10) - SLICE_HEADER_BYTES, 50),
            new SliceSize((32 << 10) - SLICE_HEADER_BYTES, 30),
            new SliceSize((128 << 10) - SLICE_HEADER_BYTES, 20));

    private final Duration connectionWriteTimeout;
    private final Duration initializeTimeout;
    private final Duration monitorInterval;
    private final Duration circuitBreakerInterval;
    private final int queueCapacity;
    private final long regionBytes;
    private final List<SliceSize> sliceSizes;
    private final MemoryType memoryType;
    private final String pathPrefix;
    private final int fileMode;
    private final @Nullable String queuePath;
    private final @Nullable Monitor monitor;
    private final @Nullable Executor callbackExecutor;
    private final WaitStrategy waitStrategy;

    private ShmipcConfig(Builder builder) {
        connectionWriteTimeout = positive("connectionWriteTimeout", builder.connectionWriteTimeout);
        initializeTimeout = positive("initializeTimeout", builder.initializeTimeout);
        monitorInterval = positive("monitorInterval", builder.monitorInterval);
        circuitBreakerInterval = positive("circuitBreakerInterval", builder.circuitBreakerInterval);
        queueCapacity = verifiedQueueCapacity(builder.queueCapacity);
        sliceSizes = verifiedSliceSizes(builder.sliceSizes);
        regionBytes = verifiedRegionBytes(builder.regionBytes, sliceSizes);
        memoryType = builder.memoryType;
        pathPrefix = verifiedPathPrefix(builder.pathPrefix, builder.memoryType);
        fileMode = verifiedFileMode(builder.fileMode);
        queuePath = builder.queuePath;
        monitor = builder.monitor;
        callbackExecutor = builder.callbackExecutor;
        waitStrategy = builder.waitStrategy;
    }

    /** Returns a builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the defaults. */
    public static ShmipcConfig defaults() {
        return builder().build();
    }

    /** Returns a builder that holds this configuration's values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.connectionWriteTimeout = connectionWriteTimeout;
        builder.initializeTimeout = initializeTimeout;
        builder.monitorInterval = monitorInterval;
        builder.circuitBreakerInterval = circuitBreakerInterval;
        builder.queueCapacity = queueCapacity;
        builder.regionBytes = regionBytes;
        builder.sliceSizes = sliceSizes;
        builder.memoryType = memoryType;
        builder.pathPrefix = pathPrefix;
        builder.fileMode = fileMode;
        builder.queuePath = queuePath;
        builder.monitor = monitor;
        builder.callbackExecutor = callbackExecutor;
        builder.waitStrategy = waitStrategy;
        return builder;
    }

    /** Returns how long a write to the connection may take before the session is given up; default 10 s. */
    public Duration connectionWriteTimeout() {
        return connectionWriteTimeout;
    }

    /** Returns how long a handshake may take; default 1 s. */
    public Duration initializeTimeout() {
        return initializeTimeout;
    }

    /** Returns how often the monitor is called; default 30 s. */
    public Duration monitorInterval() {
        return monitorInterval;
    }

    /** Returns how long a session that ran out of shared memory opens no streams; default 30 s. */
    public Duration circuitBreakerInterval() {
        return circuitBreakerInterval;
    }

    /** Returns the capacity of each of a session's two queues in elements; default 8192. */
    public int queueCapacity() {
        return queueCapacity;
    }

    /** Returns the size of the region that a client's sessions share, in bytes; default 32 MiB. */
    public long regionBytes() {
        return regionBytes;
    }

    /** Returns the free lists of the region, ascending by size. */
    public List<SliceSize> sliceSizes() {
        return sliceSizes;
    }

    /** Returns where the memory is; default {@link MemoryType#MEMFD}. */
    public MemoryType memoryType() {
        return memoryType;
    }

    /** Returns the beginning of the names of the memory; for files an absolute path; default /dev/shm/shmipc. */
    public String pathPrefix() {
        return pathPrefix;
    }

    /**
     * Returns the permission bits of memory in files; default 0600, this user only. A server of another user needs 0660
     * and a common group, or a directory that hands its group on (mode 2770).
     */
    public int fileMode() {
        return fileMode;
    }

    /** Returns the path of the queue file of a session made without a session manager; null derives it. */
    public @Nullable String queuePath() {
        return queuePath;
    }

    /** Returns who receives the metrics, or null. */
    public @Nullable Monitor monitor() {
        return monitor;
    }

    /**
     * Returns what runs the callbacks, or null for the default: virtual threads where the JDK has them, else a pool of
     * daemon threads. An executor that runs its task at once makes callbacks run on the thread that drains the queue:
     * the shortest way, and a slow callback then delays its whole session.
     */
    public @Nullable Executor callbackExecutor() {
        return callbackExecutor;
    }

    /** Returns how waiting threads look before they sleep; default adaptive. */
    public WaitStrategy waitStrategy() {
        return waitStrategy;
    }

    private static Duration positive(String property, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new InvalidConfigException(
                    property, value.toString(), "be longer than zero", "Choose a duration such as 1s");
        }
        return value;
    }

    private static int verifiedQueueCapacity(int capacity) {
        if (capacity < 8 || capacity > MAX_QUEUE_CAPACITY || capacity % 8 != 0) {
            throw new InvalidConfigException(
                    "queueCapacity",
                    Integer.toString(capacity),
                    "be a multiple of 8 from 8 to " + MAX_QUEUE_CAPACITY,
                    "Choose the number of messages that may wait for the peer, such as 8192");
        }
        return capacity;
    }

    private static List<SliceSize> verifiedSliceSizes(List<SliceSize> sizes) {
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
                        "Choose a power of two minus " + SLICE_HEADER_BYTES + ", such as 8172");
            }
            if (size.percent() <= 0) {
                throw new InvalidConfigException(
                        "sliceSizes", size.percent() + " %", "be above 0", "Remove the entry or give it a share");
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

    private static long verifiedRegionBytes(long bytes, List<SliceSize> sizes) {
        if (bytes < MIN_REGION_BYTES || bytes > Integer.MAX_VALUE) {
            throw new InvalidConfigException(
                    "regionBytes",
                    Long.toString(bytes),
                    "be from " + MIN_REGION_BYTES + " (1 MiB) to " + Integer.MAX_VALUE + " (2 GiB - 1)",
                    "Use several session managers if one region is not enough");
        }
        for (SliceSize size : sizes) {
            long usable = bytes - REGION_HEADER_BYTES - (long) LIST_HEADER_BYTES * sizes.size();
            if (usable * size.percent() / 100 < size.bytes() + SLICE_HEADER_BYTES) {
                throw new InvalidConfigException(
                        "regionBytes",
                        Long.toString(bytes),
                        "hold at least one slice of each size, but " + size.percent() + " % of it holds none of "
                                + size.bytes() + " bytes",
                        "Enlarge the region, or that list's share");
            }
        }
        return bytes;
    }

    private static String verifiedPathPrefix(String prefix, MemoryType memoryType) {
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

    private static int verifiedFileMode(int mode) {
        if (mode < 0 || mode > ALL_PERMISSIONS || (mode & OWNER_READ_WRITE) != OWNER_READ_WRITE) {
            throw new InvalidConfigException(
                    "fileMode",
                    Integer.toOctalString(mode),
                    "be permission bits up to 777 that let the owner read and write",
                    "Write 660 for a group");
        }
        return mode;
    }

    /** Collects the values; see the getters of {@link ShmipcConfig} for their meaning and defaults. */
    public static final class Builder {

        private Duration connectionWriteTimeout = Duration.ofSeconds(10);
        private Duration initializeTimeout = Duration.ofSeconds(1);
        private Duration monitorInterval = Duration.ofSeconds(30);
        private Duration circuitBreakerInterval = Duration.ofSeconds(30);
        private int queueCapacity = 8192;
        private long regionBytes = 32L << 20;
        private List<SliceSize> sliceSizes = DEFAULT_SLICE_SIZES;
        private MemoryType memoryType = MemoryType.MEMFD;
        private String pathPrefix = "/dev/shm/shmipc";
        private int fileMode = 0600;
        private @Nullable String queuePath;
        private @Nullable Monitor monitor;
        private @Nullable Executor callbackExecutor;
        private WaitStrategy waitStrategy = WaitStrategies.adaptive();

        private Builder() {}

        public Builder connectionWriteTimeout(Duration value) {
            connectionWriteTimeout = value;
            return this;
        }

        public Builder initializeTimeout(Duration value) {
            initializeTimeout = value;
            return this;
        }

        public Builder monitorInterval(Duration value) {
            monitorInterval = value;
            return this;
        }

        public Builder circuitBreakerInterval(Duration value) {
            circuitBreakerInterval = value;
            return this;
        }

        public Builder queueCapacity(int value) {
            queueCapacity = value;
            return this;
        }

        public Builder regionBytes(long value) {
            regionBytes = value;
            return this;
        }

        public Builder sliceSizes(List<SliceSize> value) {
            sliceSizes = List.copyOf(value);
            return this;
        }

        public Builder memoryType(MemoryType value) {
            memoryType = value;
            return this;
        }

        public Builder pathPrefix(String value) {
            pathPrefix = value;
            return this;
        }

        public Builder fileMode(int value) {
            fileMode = value;
            return this;
        }

        public Builder queuePath(@Nullable String value) {
            queuePath = value;
            return this;
        }

        public Builder monitor(@Nullable Monitor value) {
            monitor = value;
            return this;
        }

        public Builder callbackExecutor(@Nullable Executor value) {
            callbackExecutor = value;
            return this;
        }

        public Builder waitStrategy(WaitStrategy value) {
            waitStrategy = value;
            return this;
        }

        /**
         * Verifies the values.
         *
         * @throws InvalidConfigException naming the first property that breaks its rule
         */
        public ShmipcConfig build() {
            return new ShmipcConfig(this);
        }
    }
}
