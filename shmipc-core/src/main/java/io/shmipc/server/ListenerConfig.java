package io.shmipc.server;

import io.shmipc.InvalidConfigException;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.attribute.GroupPrincipal;
import org.jspecify.annotations.Nullable;

/** Where a listener listens and what it accepts. Immutable; verified when built. */
public final class ListenerConfig {

    private final ShmipcAddress address;
    private final ShmipcConfig config;
    private final int backlog;
    private final int maxSessions;
    private final int maxStreamsPerSession;
    private final int maxHandshakes;
    private final boolean takeOver;
    private final int socketMode;
    private final @Nullable String socketGroup;
    private final @Nullable GroupPrincipal group;
    private final AccessPolicy accessPolicy;

    private ListenerConfig(Builder builder) {
        address = builder.address;
        config = builder.config;
        backlog = requirePositive("backlog", builder.backlog);
        maxSessions = requirePositive("maxSessions", builder.maxSessions);
        maxStreamsPerSession = requirePositive("maxStreamsPerSession", builder.maxStreamsPerSession);
        maxHandshakes = requirePositive("maxHandshakes", builder.maxHandshakes);
        takeOver = builder.takeOver;
        socketMode = verifiedMode(builder.socketMode);
        socketGroup = builder.socketGroup;
        group = socketGroup == null ? null : verifiedGroup(socketGroup);
        accessPolicy = builder.accessPolicy;
    }

    /** Returns a builder for a listener on the given address. */
    public static Builder builder(ShmipcAddress address) {
        return new Builder(address);
    }

    /** Returns the address to listen on. */
    public ShmipcAddress address() {
        return address;
    }

    /**
     * Returns time-outs, waiting and callbacks of accepted sessions. Of its memory settings one applies to a server: the
     * directory of the path prefix is a default of {@link AccessPolicy#directories()}.
     */
    public ShmipcConfig config() {
        return config;
    }

    /** Returns how many connections may wait to be accepted; default 4096. */
    public int backlog() {
        return backlog;
    }

    /** Returns how many sessions may be open at once; further connections are closed; default 1024. */
    public int maxSessions() {
        return maxSessions;
    }

    /** Returns how many streams a client may open in one session; further streams are closed; default 65,536. */
    public int maxStreamsPerSession() {
        return maxStreamsPerSession;
    }

    /** Returns how many handshakes may be under way at once; the oldest gives way to a new one; default 1024. */
    public int maxHandshakes() {
        return maxHandshakes;
    }

    /**
     * Returns whether the listener takes the address over from one that is running there, for a hot restart; default
     * false: an address in use is refused. Over TCP the running one must have been made with this set, too.
     */
    public boolean takeOver() {
        return takeOver;
    }

    /** Returns the permission bits of a unix socket's file; default 0600, this user only. */
    public int socketMode() {
        return socketMode;
    }

    /** Returns the name or number of the group that a unix socket's file belongs to; null for this process's own. */
    public @Nullable String socketGroup() {
        return socketGroup;
    }

    /** Returns the group that {@link #socketGroup()} names. */
    @Nullable
    GroupPrincipal group() {
        return group;
    }

    /** Returns who may connect and what memory clients may share. */
    public AccessPolicy accessPolicy() {
        return accessPolicy;
    }

    private static int verifiedMode(int mode) {
        if (mode < 0 || mode > 0777) {
            throw new InvalidConfigException(
                    "socketMode", Integer.toOctalString(mode), "be permission bits up to 777", "Write 660 for a group");
        }
        return mode;
    }

    private static GroupPrincipal verifiedGroup(String name) {
        try {
            return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
        } catch (IOException e) {
            InvalidConfigException refusal = new InvalidConfigException(
                    "socketGroup",
                    "'" + name + "'",
                    "be the name of a group of this machine, or its number",
                    "Look into /etc/group");
            refusal.addSuppressed(e);
            throw refusal;
        }
    }

    private static int requirePositive(String property, int value) {
        if (value < 1) {
            throw new InvalidConfigException(
                    property, Integer.toString(value), "be 1 or more", "Leave it out for the default");
        }
        return value;
    }

    /** Collects the values; see the getters of {@link ListenerConfig} for their meaning and defaults. */
    public static final class Builder {

        private final ShmipcAddress address;
        private ShmipcConfig config = ShmipcConfig.defaults();
        private int backlog = 4096;
        private int maxSessions = 1024;
        private int maxStreamsPerSession = 65_536;
        private int maxHandshakes = 1024;
        private boolean takeOver;
        private int socketMode = 0600;
        private @Nullable String socketGroup;
        private AccessPolicy accessPolicy = AccessPolicy.defaults();

        private Builder(ShmipcAddress address) {
            this.address = address;
        }

        public Builder config(ShmipcConfig value) {
            config = value;
            return this;
        }

        public Builder backlog(int value) {
            backlog = value;
            return this;
        }

        public Builder maxSessions(int value) {
            maxSessions = value;
            return this;
        }

        public Builder maxStreamsPerSession(int value) {
            maxStreamsPerSession = value;
            return this;
        }

        public Builder maxHandshakes(int value) {
            maxHandshakes = value;
            return this;
        }

        public Builder takeOver(boolean value) {
            takeOver = value;
            return this;
        }

        public Builder socketMode(int value) {
            socketMode = value;
            return this;
        }

        public Builder socketGroup(@Nullable String value) {
            socketGroup = value;
            return this;
        }

        public Builder accessPolicy(AccessPolicy value) {
            accessPolicy = value;
            return this;
        }

        /**
         * Verifies the values.
         *
         * @throws InvalidConfigException naming the first property that breaks its rule
         */
        public ListenerConfig build() {
            return new ListenerConfig(this);
        }
    }
}
