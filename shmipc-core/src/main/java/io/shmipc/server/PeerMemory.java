package io.shmipc.server;

import io.shmipc.ConnectException;
import io.shmipc.Network;
import io.shmipc.Reason;
import io.shmipc.channel.Connection;
import io.shmipc.session.ServerHandshake;
import io.shmipc.session.SessionMemory;
import io.shmipc.shm.MappedQueues;
import io.shmipc.shm.MappedRegions;
import io.shmipc.shm.QueuePair;
import io.shmipc.shm.SharedMemory;
import io.shmipc.shm.SharedRegion;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.Errno;
import io.shmipc.sys.FileFacts;
import io.shmipc.sys.Memfd;
import io.shmipc.sys.NativeException;
import io.shmipc.sys.PeerCredentials;
import io.shmipc.sys.SharedFiles;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Maps the memory that clients name or pass, after a look at what it is.
 *
 * <p>A file must lie directly below /dev/shm or the directory of the configured path prefix, be a regular file and no
 * symbolic link, and belong to the user at the other end of the socket.
 *
 * <p><b>Threads:</b> the event loop's.
 */
final class PeerMemory implements ServerHandshake.Mapper {

    /** Stands for the user of a TCP peer, whom the kernel does not tell. */
    private static final int UNKNOWN = -1;

    private final AccessPolicy policy;
    private final Path prefixDirectory;
    private static final MappedQueues QUEUES = new MappedQueues();
    private static final MappedRegions REGIONS = new MappedRegions();

    PeerMemory(ListenerConfig config) {
        SharedMemory.prepare();
        this.policy = config.accessPolicy();
        Path prefix = Path.of(config.config().pathPrefix()).toAbsolutePath().normalize();
        Path parent = prefix.getParent();
        this.prefixDirectory = parent == null ? prefix : parent;
    }

    @Override
    public SessionMemory mapFiles(Connection connection, String queuePath, String bufferPath) throws IOException {
        if (policy.requireSeals()) {
            throw new ConnectException(
                    Reason.ACCESS_DENIED,
                    "The client shares the file '" + bufferPath + "', which cannot be sealed against shrinking, as"
                            + " requireSeals demands. Let it use memfds, or switch requireSeals off.");
        }
        int peer = connection.remoteAddress().network() == Network.UNIX
                ? Sockets.credentials(connection.socket()).uid()
                : UNKNOWN;
        Path queueFile = allowed(queuePath);
        Path bufferFile = allowed(bufferPath);
        Descriptor queue = open(queueFile);
        Descriptor buffer;
        try {
            requireOwner(queuePath, queue, peer);
            buffer = open(bufferFile);
        } catch (Throwable e) {
            queue.close();
            throw e;
        }
        try {
            requireOwner(bufferPath, buffer, peer);
        } catch (Throwable e) {
            queue.close();
            buffer.close();
            throw e;
        }
        return map(queuePath, queue, queueFile, bufferPath, buffer, bufferFile);
    }

    @Override
    public SessionMemory mapMemfds(String queueName, Descriptor queue, String bufferName, Descriptor buffer)
            throws IOException {
        try {
            requireUsable(queueName, queue);
            requireUsable(bufferName, buffer);
        } catch (Throwable e) {
            queue.close();
            buffer.close();
            throw e;
        }
        return map(queueName, queue, null, bufferName, buffer, null);
    }

    private SessionMemory map(
            String queueName,
            Descriptor queue,
            @Nullable Path queueFile,
            String bufferName,
            Descriptor buffer,
            @Nullable Path bufferFile)
            throws IOException {
        SharedMemory queueMemory;
        try {
            queueMemory = SharedMemory.map(queueName, queue, checkedBytes(queueName, queue));
        } catch (Throwable e) {
            queue.close();
            buffer.close();
            throw e;
        }
        boolean taken = QUEUES.take(queueMemory);
        try {
            if (!taken) {
                throw new ConnectException(
                        Reason.ACCESS_DENIED,
                        "The client shares the queues '" + queueName + "', which another session uses: each session"
                                + " needs queues of its own.");
            }
            QueuePair queues = SharedMemory.examine(() -> QueuePair.read(queueMemory.bytes()));
            SharedRegion region = mapRegion(bufferName, buffer);
            // Only now: what is refused may be anybody's file, which a client merely names.
            if (queueFile != null && bufferFile != null) {
                queueMemory.removeAtTheEnd(queueFile);
                region.memory().removeAtTheEnd(bufferFile);
            }
            return new SessionMemory(
                    region, queueMemory, queues, () -> QUEUES.release(queueMemory), () -> REGIONS.release(region));
        } catch (Throwable e) {
            if (taken) {
                QUEUES.release(queueMemory);
            } else {
                queueMemory.release();
            }
            buffer.close();
            throw e;
        }
    }

    private SharedRegion mapRegion(String name, Descriptor buffer) throws IOException {
        long bytes = checkedBytes(name, buffer);
        boolean[] used = new boolean[1];
        SharedRegion region = REGIONS.acquire(FileFacts.of(buffer).identity(), () -> {
            used[0] = true;
            return SharedMemory.map(name, buffer, bytes);
        });
        if (!used[0]) {
            buffer.close();
        }
        return region;
    }

    private Path allowed(String path) {
        Path file;
        try {
            file = Path.of(path);
        } catch (InvalidPathException e) {
            throw refused(path, e);
        }
        Path parent = file.getParent();
        if (!file.isAbsolute()
                || !file.equals(file.normalize())
                || parent == null
                || !policy.allowsDirectory(parent, prefixDirectory)) {
            throw refused(path, null);
        }
        return file;
    }

    private static Descriptor open(Path file) {
        try {
            return SharedFiles.openExisting(file);
        } catch (NativeException e) {
            String remedy = switch (e.errno()) {
                case Errno.EACCES ->
                    "Run both processes with one group in common, and let the client set fileMode to 660";
                case Errno.ENOENT -> "Let both processes see the client's directory, under the same path";
                default -> "Both processes need to reach it";
            };
            throw new ConnectException(
                    Reason.ACCESS_DENIED,
                    "The client named the file '" + file + "', which cannot be opened here: " + e.getMessage() + ". "
                            + remedy + ".",
                    e);
        }
    }

    private ConnectException refused(String path, @Nullable InvalidPathException cause) {
        return new ConnectException(
                Reason.ACCESS_DENIED,
                "The client named the file '" + path + "': it must lie directly below /dev/shm, " + prefixDirectory
                        + " or what the access policy says instead. Add its directory there.",
                cause);
    }

    private void requireOwner(String path, Descriptor file, int peer) throws IOException {
        int owner = FileFacts.of(file).uid();
        boolean allowed = peer == UNKNOWN
                ? policy.admits(new PeerCredentials(0, owner, UNKNOWN), PeerCredentials.ownUserId())
                : owner == peer;
        if (!allowed) {
            throw new ConnectException(
                    Reason.ACCESS_DENIED,
                    "The client" + (peer == UNKNOWN ? "" : " of user " + peer) + " named the file '" + path
                            + "', which belongs to user " + owner + ": a client may share only its own files.");
        }
    }

    private long checkedBytes(String name, Descriptor file) throws IOException {
        FileFacts facts = FileFacts.of(file);
        if (!facts.regular() || facts.bytes() <= 0 || facts.bytes() > policy.maxMemoryBytes()) {
            throw new ConnectException(
                    Reason.ACCESS_DENIED,
                    "The client shares '" + name + "' of " + facts.bytes()
                            + " bytes: it must be a regular file of at most " + policy.maxMemoryBytes() + " bytes.");
        }
        return facts.bytes();
    }

    private void requireUsable(String name, Descriptor memfd) throws IOException {
        if (!SharedFiles.isReadWrite(memfd)) {
            throw new ConnectException(
                    Reason.ACCESS_DENIED,
                    "The client passed a descriptor of '" + name + "' that is not open for reading and writing: it may"
                            + " share only what it may write itself.");
        }
        if (policy.requireSeals() && (Memfd.seals(memfd) & Memfd.SEAL_SHRINK) == 0) {
            throw new ConnectException(
                    Reason.ACCESS_DENIED,
                    "The client shares the memfd '" + name + "', which is not sealed against shrinking, as requireSeals"
                            + " demands. Seal it, or switch requireSeals off for clients that cannot.");
        }
    }
}
