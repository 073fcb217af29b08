package io.shmipc;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How sessions are made: memory, queues, time-outs, waiting. Immutable; verified when built.
 *
 * <p>The memory settings are the client's to choose; a server maps what its clients made.
 */
public final class ShmipcConfig {

    /** Longest duration that can be configured, a hundred years: times are counted in nanoseconds, in 64 bits. */
    public static final Duration MAX_DURATION = Duration.ofDays(36_500);

    /** Smallest region in bytes. */
    public static final int MIN_REGION_BYTES = 1 << 20;

    /** Bytes before the data of each slice. */
    public static final int SLICE_HEADER_BYTES = 20;

    /** Largest capacity of a queue in elements. */
    public static final int MAX_QUEUE_CAPACITY = 1 << 24;

    /** Most slices of a region: each that was used once costs some 100 bytes of heap on both sides. */
    public static final int MAX_SLICES = 1 << 21;

    /** Default of the two limits of what waits outside of queues and regions. */
    static final long DEFAULT_BUFFER_BYTES = 256L << 20;

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
    private final BackPressure backPressure;
    private final Duration backPressureTimeout;
    private final long writeBufferBytes;
    private final long unreadFallbackBytes;

    private ShmipcConfig(Builder builder) {
        connectionWriteTimeout = ConfigRules.positive("connectionWriteTimeout", builder.connectionWriteTimeout);
        initializeTimeout = ConfigRules.positive("initializeTimeout", builder.initializeTimeout);
        monitorInterval = ConfigRules.positive("monitorInterval", builder.monitorInterval);
        circuitBreakerInterval = ConfigRules.positive("circuitBreakerInterval", builder.circuitBreakerInterval);
        queueCapacity = ConfigRules.queueCapacity(builder.queueCapacity);
        sliceSizes = ConfigRules.sliceSizes(builder.sliceSizes);
        regionBytes = ConfigRules.regionBytes(builder.regionBytes, sliceSizes);
        memoryType = builder.memoryType;
        pathPrefix = ConfigRules.pathPrefix(builder.pathPrefix, builder.memoryType);
        fileMode = ConfigRules.fileMode(builder.fileMode);
        queuePath = builder.queuePath;
        monitor = builder.monitor;
        callbackExecutor = builder.callbackExecutor;
        waitStrategy = builder.waitStrategy;
        backPressure = builder.backPressure;
        backPressureTimeout = ConfigRules.positive("backPressureTimeout", builder.backPressureTimeout);
        writeBufferBytes = ConfigRules.writeBufferBytes(builder.writeBufferBytes);
        unreadFallbackBytes = ConfigRules.unreadFallbackBytes(builder.unreadFallbackBytes);
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
        builder.backPressure = backPressure;
        builder.backPressureTimeout = backPressureTimeout;
        builder.writeBufferBytes = writeBufferBytes;
        builder.unreadFallbackBytes = unreadFallbackBytes;
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

    /**
     * Returns the path of the queue file of a session manager's first session; null derives it from the path prefix.
     * Later sessions, also those after a loss or a hot restart, have derived names.
     */
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
     * the shortest way, and a slow callback then delays its whole session; one that waits may hold up the thread that
     * all sessions of the process share.
     */
    public @Nullable Executor callbackExecutor() {
        return callbackExecutor;
    }

    /** Returns how waiting threads look before they sleep; default adaptive. */
    public WaitStrategy waitStrategy() {
        return waitStrategy;
    }

    /**
     * Returns what a flush does when the peer has not drained its queue; default {@link BackPressure#TIMEOUT}. A stream
     * can have its own: {@link Stream#setBackPressure}.
     */
    public BackPressure backPressure() {
        return backPressure;
    }

    /** Returns how long {@link BackPressure#TIMEOUT} lets a flush wait that has no write deadline; default 100 ms. */
    public Duration backPressureTimeout() {
        return backPressureTimeout;
    }

    /**
     * Returns how many bytes a stream holds that were written or reserved and not flushed; default 256 MiB. A write
     * beyond it is refused with {@link Reason#WRITE_BUFFER_FULL}, and what was written before stays. What was flushed
     * does not count: it takes room of the queue and the region, which have their own limits.
     */
    public long writeBufferBytes() {
        return writeBufferBytes;
    }

    /**
     * Returns how many bytes of a session may wait unread in ordinary memory, where they are when the peer found no
     * shared memory and sent them through the connection; default 256 MiB. The stream that would exceed it is closed;
     * the session and its other streams go on.
     */
    public long unreadFallbackBytes() {
        return unreadFallbackBytes;
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
        private BackPressure backPressure = BackPressure.TIMEOUT;
        private Duration backPressureTimeout = Duration.ofMillis(100);
        private long writeBufferBytes = DEFAULT_BUFFER_BYTES;
        private long unreadFallbackBytes = DEFAULT_BUFFER_BYTES;

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

        public Builder backPressure(BackPressure value) {
            backPressure = value;
            return this;
        }

        public Builder backPressureTimeout(Duration value) {
            backPressureTimeout = value;
            return this;
        }

        public Builder writeBufferBytes(long value) {
            writeBufferBytes = value;
            return this;
        }

        public Builder unreadFallbackBytes(long value) {
            unreadFallbackBytes = value;
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
