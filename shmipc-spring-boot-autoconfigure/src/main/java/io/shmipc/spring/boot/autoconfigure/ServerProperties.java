package io.shmipc.spring.boot.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * How this application listens: the properties below {@code shmipc.server}, and below {@code shmipc.listeners} and a
 * listener's name.
 */
public final class ServerProperties extends SessionProperties {

    /** Whether to configure listeners; for a named listener, whether to configure that one. */
    private boolean enabled = true;

    /** Address to listen on: unix:/path, /path or tcp:host:port, where port 0 stands for any free one. */
    private @Nullable String address;

    /** Number of connections that can wait to be accepted. */
    private int backlog = 4096;

    /** Number of sessions that can be open at once. Further connections are closed. */
    private int maxSessions = 1024;

    /** Number of streams that a client can have open in one session. Further streams are closed. */
    private int maxStreamsPerSession = 65536;

    /** Number of handshakes that can be under way at once. The oldest gives way to a new one. */
    private int maxHandshakes = 1024;

    /**
     * Whether to take the address over from a process that listens there, which then sends its clients here: a rolling
     * replacement. Otherwise an address in use is refused.
     */
    private boolean takeOver = false;

    /** Permissions of the file of a unix socket, three octal digits such as 660 or letters such as rw-rw----. */
    private String socketMode = "600";

    /** Name or number of the group that the file of a unix socket belongs to. By default this process's group. */
    private @Nullable String socketGroup;

    /**
     * How long to wait for calls that are under way when the application stops. At most
     * spring.lifecycle.timeout-per-shutdown-phase.
     */
    private Duration gracePeriod = Duration.ofSeconds(20);

    @NestedConfigurationProperty
    private final AccessProperties access = new AccessProperties();

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

    public int getBacklog() {
        return backlog;
    }

    public void setBacklog(int backlog) {
        this.backlog = backlog;
    }

    public int getMaxSessions() {
        return maxSessions;
    }

    public void setMaxSessions(int maxSessions) {
        this.maxSessions = maxSessions;
    }

    public int getMaxStreamsPerSession() {
        return maxStreamsPerSession;
    }

    public void setMaxStreamsPerSession(int maxStreamsPerSession) {
        this.maxStreamsPerSession = maxStreamsPerSession;
    }

    public int getMaxHandshakes() {
        return maxHandshakes;
    }

    public void setMaxHandshakes(int maxHandshakes) {
        this.maxHandshakes = maxHandshakes;
    }

    public boolean isTakeOver() {
        return takeOver;
    }

    public void setTakeOver(boolean takeOver) {
        this.takeOver = takeOver;
    }

    public String getSocketMode() {
        return socketMode;
    }

    public void setSocketMode(String socketMode) {
        this.socketMode = socketMode;
    }

    public @Nullable String getSocketGroup() {
        return socketGroup;
    }

    public void setSocketGroup(@Nullable String socketGroup) {
        this.socketGroup = socketGroup;
    }

    public Duration getGracePeriod() {
        return gracePeriod;
    }

    public void setGracePeriod(Duration gracePeriod) {
        this.gracePeriod = gracePeriod;
    }

    public AccessProperties getAccess() {
        return access;
    }
}
