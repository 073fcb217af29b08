package io.shmipc.client;

import io.shmipc.InvalidConfigException;
import io.shmipc.MemoryType;
import io.shmipc.Network;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import java.time.Duration;

/**
 * What a session manager connects to, and with how many sessions and streams. Immutable; verified when built.
 */
public final class SessionManagerConfig {

    private static final int MAX_SESSIONS = 1024;

    private final ShmipcAddress address;
    private final ShmipcConfig config;
    private final int sessions;
    private final int maxPooledStreams;
    private final Duration streamMaxIdleTime;
    private final Duration rebuildInterval;
    private final Duration maxRebuildInterval;
    private final boolean connectLazily;

    private SessionManagerConfig(Builder builder) {
        address = builder.address;
        config = builder.config;
        sessions = builder.sessions;
        maxPooledStreams = builder.maxPooledStreams;
        streamMaxIdleTime = builder.streamMaxIdleTime;
        rebuildInterval = builder.rebuildInterval;
        maxRebuildInterval = builder.maxRebuildInterval;
        connectLazily = builder.connectLazily;
        verify();
    }

    /** Returns a builder for sessions to the given address. */
    public static Builder builder(ShmipcAddress address) {
        return new Builder(address);
    }

    /** Returns the server's address. */
    public ShmipcAddress address() {
        return address;
    }

    /** Returns how each session is made. */
    public ShmipcConfig config() {
        return config;
    }

    /** Returns the number of sessions, each with its own connection and queues; default 1. */
    public int sessions() {
        return sessions;
    }

    /** Returns how many idle streams each session keeps for reuse; default 4096. */
    public int maxPooledStreams() {
        return maxPooledStreams;
    }

    /** Returns after which idle time a pooled stream is closed; default 30 s. */
    public Duration streamMaxIdleTime() {
        return streamMaxIdleTime;
    }

    /** Returns the first delay before a lost session is opened again; it doubles with jitter; default 50 ms. */
    public Duration rebuildInterval() {
        return rebuildInterval;
    }

    /** Returns the longest delay between two attempts to open a lost session; default 2 s. */
    public Duration maxRebuildInterval() {
        return maxRebuildInterval;
    }

    /**
     * Returns whether the manager opens without a server and goes on trying in the background; calls fail until it
     * succeeds; default false.
     */
    public boolean connectLazily() {
        return connectLazily;
    }

    private void verify() {
        if (sessions < 1 || sessions > MAX_SESSIONS) {
            throw new InvalidConfigException(
                    "sessions", Integer.toString(sessions), "be from 1 to " + MAX_SESSIONS, "One per core is plenty");
        }
        if (maxPooledStreams < 0) {
            throw new InvalidConfigException(
                    "maxPooledStreams", Integer.toString(maxPooledStreams), "be 0 or more", "Use 0 for no pool");
        }
        if (config.memoryType() == MemoryType.MEMFD && address.network() == Network.TCP) {
            throw new InvalidConfigException(
                    "memoryType",
                    "MEMFD with address " + address,
                    "be FILE over TCP, which cannot pass descriptors",
                    "Set the memory type to FILE, or listen on a unix socket");
        }
        requirePositive("streamMaxIdleTime", streamMaxIdleTime);
        requirePositive("rebuildInterval", rebuildInterval);
        requirePositive("maxRebuildInterval", maxRebuildInterval);
        if (maxRebuildInterval.compareTo(rebuildInterval) < 0) {
            throw new InvalidConfigException(
                    "maxRebuildInterval",
                    maxRebuildInterval.toString(),
                    "be at least rebuildInterval, " + rebuildInterval,
                    "Raise it or lower rebuildInterval");
        }
    }

    private static void requirePositive(String property, Duration value) {
        if (value.isZero() || value.isNegative() || value.compareTo(ShmipcConfig.MAX_DURATION) > 0) {
            throw new InvalidConfigException(
                    property,
                    value.toString(),
                    "be longer than zero and at most " + ShmipcConfig.MAX_DURATION,
                    "Choose a duration such as 30s");
        }
    }

    /** Collects the values; see the getters of {@link SessionManagerConfig} for their meaning and defaults. */
    public static final class Builder {

        private final ShmipcAddress address;
        private ShmipcConfig config = ShmipcConfig.defaults();
        private int sessions = 1;
        private int maxPooledStreams = 4096;
        private Duration streamMaxIdleTime = Duration.ofSeconds(30);
        private Duration rebuildInterval = Duration.ofMillis(50);
        private Duration maxRebuildInterval = Duration.ofSeconds(2);
        private boolean connectLazily;

        private Builder(ShmipcAddress address) {
            this.address = address;
        }

        public Builder config(ShmipcConfig value) {
            config = value;
            return this;
        }

        public Builder sessions(int value) {
            sessions = value;
            return this;
        }

        public Builder maxPooledStreams(int value) {
            maxPooledStreams = value;
            return this;
        }

        public Builder streamMaxIdleTime(Duration value) {
            streamMaxIdleTime = value;
            return this;
        }

        public Builder rebuildInterval(Duration value) {
            rebuildInterval = value;
            return this;
        }

        public Builder maxRebuildInterval(Duration value) {
            maxRebuildInterval = value;
            return this;
        }

        public Builder connectLazily(boolean value) {
            connectLazily = value;
            return this;
        }

        /**
         * Verifies the values.
         *
         * @throws InvalidConfigException naming the first property that breaks its rule
         */
        public SessionManagerConfig build() {
            return new SessionManagerConfig(this);
        }
    }
}
