package io.shmipc.spring.boot.autoconfigure;

import io.shmipc.MemoryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * How this application calls a server: the properties below {@code shmipc.client}, and below {@code shmipc.clients} and
 * a client's name.
 */
public final class ClientProperties extends SessionProperties {

    /** Whether to configure clients; for a named client, whether to configure that one. */
    private boolean enabled = true;

    /** Address of the server: unix:/path, /path or tcp:host:port. Without it there is no client. */
    private @Nullable String address;

    /**
     * Whether start-up fails if the server cannot be reached. Otherwise the connection is tried again in the
     * background, and calls fail until it is made.
     */
    private boolean failFast = false;

    /** Where the shared memory is: memfd needs a unix socket, file works over TCP, too. */
    private MemoryType memoryType = MemoryType.MEMFD;

    /** Beginning of the names of the shared memory, for files an absolute path. */
    private String pathPrefix = "/dev/shm/shmipc";

    /** Permissions of memory in files, three octal digits such as 660 or letters such as rw-rw----. */
    private String fileMode = "600";

    /** Size of the region of shared memory, from 1MB to just below 2GB. */
    private DataSize bufferCapacity = DataSize.ofMegabytes(32);

    /**
     * Sizes of the slices that the region is cut into, with the share of each in percent. By default 50 % in slices of
     * 8172 bytes, 30 % of 32748 and 20 % of 131052.
     */
    private List<SliceSize> sliceSizes = new ArrayList<>();

    /** Number of messages that can wait in each direction of a session, a multiple of 8. */
    private int queueCapacity = 8192;

    /** Number of sessions, each with its own connection and queues. */
    private int sessions = 1;

    /** Number of idle streams that each session keeps for reuse, 0 for no pool. */
    private int maxPooledStreams = 4096;

    /** Idle time after which a pooled stream is closed. */
    private Duration streamMaxIdleTime = Duration.ofSeconds(30);

    /** First delay before a lost session is opened again. It doubles with each attempt. */
    private Duration rebuildInterval = Duration.ofMillis(50);

    /** Longest delay between two attempts to open a lost session. */
    private Duration maxRebuildInterval = Duration.ofSeconds(2);

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public @Nullable String getAddress() {
        return address;
    }

    public void setAddress(@Nullable String address) {
        this.address = address;
    }

    public boolean isFailFast() {
        return failFast;
    }

    public void setFailFast(boolean failFast) {
        this.failFast = failFast;
    }

    public MemoryType getMemoryType() {
        return memoryType;
    }

    public void setMemoryType(MemoryType memoryType) {
        this.memoryType = memoryType;
    }

    public String getPathPrefix() {
        return pathPrefix;
    }

    public void setPathPrefix(String pathPrefix) {
        this.pathPrefix = pathPrefix;
    }

    public String getFileMode() {
        return fileMode;
    }

    public void setFileMode(String fileMode) {
        this.fileMode = fileMode;
    }

    public DataSize getBufferCapacity() {
        return bufferCapacity;
    }

    public void setBufferCapacity(DataSize bufferCapacity) {
        this.bufferCapacity = bufferCapacity;
    }

    public List<SliceSize> getSliceSizes() {
        return sliceSizes;
    }

    public void setSliceSizes(List<SliceSize> sliceSizes) {
        this.sliceSizes = sliceSizes;
    }

    public int getQueueCapacity() {
        return queueCapacity;
    }

    public void setQueueCapacity(int queueCapacity) {
        this.queueCapacity = queueCapacity;
    }

    public int getSessions() {
        return sessions;
    }

    public void setSessions(int sessions) {
        this.sessions = sessions;
    }

    public int getMaxPooledStreams() {
        return maxPooledStreams;
    }

    public void setMaxPooledStreams(int maxPooledStreams) {
        this.maxPooledStreams = maxPooledStreams;
    }

    public Duration getStreamMaxIdleTime() {
        return streamMaxIdleTime;
    }

    public void setStreamMaxIdleTime(Duration streamMaxIdleTime) {
        this.streamMaxIdleTime = streamMaxIdleTime;
    }

    public Duration getRebuildInterval() {
        return rebuildInterval;
    }

    public void setRebuildInterval(Duration rebuildInterval) {
        this.rebuildInterval = rebuildInterval;
    }

    public Duration getMaxRebuildInterval() {
        return maxRebuildInterval;
    }

    public void setMaxRebuildInterval(Duration maxRebuildInterval) {
        this.maxRebuildInterval = maxRebuildInterval;
    }

    /**
     * One size of slices.
     *
     * @param size usable bytes of a slice, a multiple of 4; best is a power of two minus 20. Null if it was left out
     * @param percent share of the region in percent; the shares of all sizes add up to 100
     */
    public record SliceSize(@Nullable DataSize size, int percent) {}
}
