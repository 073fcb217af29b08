package io.shmipc.spring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

/** How this application listens: the properties below {@code shmipc.server}. */
public final class ServerProperties extends SessionProperties {

    /** Whether to configure listeners. */
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
}
