package io.shmipc.server;

import io.shmipc.ConnectException;
import io.shmipc.InvalidConfigException;
import io.shmipc.Network;
import io.shmipc.Reason;
import io.shmipc.ShmipcAddress;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.PeerCredentials;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who may connect to a listener, and what memory a client may make it map. Immutable.
 *
 * <p>By default: clients of this process's user and of root, memory files directly below /dev/shm and the directory of
 * the path prefix, regions up to 2 GiB - 1, memfds sealed or not.
 */
public final class AccessPolicy {

    private static final Path DEV_SHM = Path.of("/dev/shm");
    private static final int ROOT = 0;

    private final @Nullable Set<Integer> userIds;
    private final Set<Integer> groupIds;
    private final Set<Path> directories;
    private final long maxMemoryBytes;
    private final boolean requireSeals;

    private AccessPolicy(Builder builder) {
        userIds = builder.userIds == null ? null : Set.copyOf(builder.userIds);
        groupIds = Set.copyOf(builder.groupIds);
        directories = builder.directories.stream()
                .map(AccessPolicy::requireAbsolute)
                .map(Path::normalize)
                .collect(Collectors.toUnmodifiableSet());
        maxMemoryBytes = builder.maxMemoryBytes;
        requireSeals = builder.requireSeals;
        if (maxMemoryBytes < 1 || maxMemoryBytes > Integer.MAX_VALUE) {
            throw new InvalidConfigException(
                    "maxMemoryBytes",
                    Long.toString(maxMemoryBytes),
                    "be from 1 to " + Integer.MAX_VALUE + " (2 GiB - 1)",
                    "Leave it out for no limit below that");
        }
    }

    /** A relative path, an empty one among them, would let clients in wherever the process happens to run. */
    private static Path requireAbsolute(Path directory) {
        if (!directory.isAbsolute()) {
            throw new InvalidConfigException(
                    "directories",
                    "'" + directory + "'",
                    "have absolute paths only",
                    "Write /dev/shm/app, for example, or leave it out for /dev/shm");
        }
        return directory;
    }

    /** Returns a builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the defaults. */
    public static AccessPolicy defaults() {
        return builder().build();
    }

    /** Returns whether a process of the given user and of the group that it acts as may connect. */
    boolean admits(PeerCredentials peer, int ownUserId) {
        Set<Integer> users = userIds;
        boolean user = users == null ? peer.uid() == ownUserId || peer.uid() == ROOT : users.contains(peer.uid());
        return user || groupIds.contains(peer.gid());
    }

    private boolean admitsSupplementaryGroup(Descriptor connection) throws IOException {
        return !groupIds.isEmpty() && !Collections.disjoint(groupIds, Sockets.supplementaryGroups(connection));
    }

    /**
     * Looks at who is at the other end of an accepted connection; the kernel does not tell for TCP.
     *
     * @throws ConnectException with {@link Reason#ACCESS_DENIED} if that process may not connect
     */
    void requireAdmitted(Descriptor connection, ShmipcAddress address) throws IOException {
        if (address.network() != Network.UNIX) {
            return;
        }
        PeerCredentials peer = Sockets.credentials(connection);
        if (!admits(peer, PeerCredentials.ownUserId()) && !admitsSupplementaryGroup(connection)) {
            throw new ConnectException(
                    Reason.ACCESS_DENIED,
                    "A client of user " + peer.uid() + " and group " + peer.gid() + " may not connect to " + address
                            + ": the access policy has to name one of them.");
        }
    }

    /** Returns whether a file may lie in the given directory. */
    boolean allowsDirectory(Path directory, Path ofPathPrefix) {
        if (directories.isEmpty()) {
            return directory.equals(DEV_SHM) || directory.equals(ofPathPrefix);
        }
        return directories.contains(directory);
    }

    /** Returns the user ids that may connect; null for this process's own and root's. */
    public @Nullable Set<Integer> userIds() {
        return userIds;
    }

    /** Returns the group ids whose members may connect, whatever their user id. */
    public Set<Integer> groupIds() {
        return groupIds;
    }

    /** Returns the directories in which a client's files may lie; empty for /dev/shm and the path prefix's. */
    public Set<Path> directories() {
        return directories;
    }

    /** Returns the most bytes that one mapping of a client may have. */
    public long maxMemoryBytes() {
        return maxMemoryBytes;
    }

    /** Returns whether memfds must be sealed against shrinking; Go and Rust peers do not seal theirs. */
    public boolean requireSeals() {
        return requireSeals;
    }

    /** Collects the values; see the getters of {@link AccessPolicy} for their meaning and defaults. */
    public static final class Builder {

        private @Nullable Set<Integer> userIds;
        private Set<Integer> groupIds = Set.of();
        private Set<Path> directories = Set.of();
        private long maxMemoryBytes = Integer.MAX_VALUE;
        private boolean requireSeals;

        private Builder() {}

        public Builder userIds(@Nullable Set<Integer> value) {
            userIds = value;
            return this;
        }

        public Builder groupIds(Set<Integer> value) {
            groupIds = value;
            return this;
        }

        public Builder directories(Set<Path> value) {
            directories = value;
            return this;
        }

        public Builder maxMemoryBytes(long value) {
            maxMemoryBytes = value;
            return this;
        }

        public Builder requireSeals(boolean value) {
            requireSeals = value;
            return this;
        }

        /**
         * Verifies the values.
         *
         * @throws InvalidConfigException naming the first property that breaks its rule
         */
        public AccessPolicy build() {
            return new AccessPolicy(this);
        }
    }
}
