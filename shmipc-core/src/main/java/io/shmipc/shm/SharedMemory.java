package io.shmipc.shm;

import io.shmipc.MemoryType;
import io.shmipc.Reason;
import io.shmipc.SharedMemoryException;
import io.shmipc.layout.Cells;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.Errno;
import io.shmipc.sys.FileFacts;
import io.shmipc.sys.FileIdentity;
import io.shmipc.sys.Mappings;
import io.shmipc.sys.Memfd;
import io.shmipc.sys.MemoryLimit;
import io.shmipc.sys.NativeException;
import io.shmipc.sys.SharedFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One piece of memory that two processes map, and how long it lives.
 *
 * <p>It counts its users. When the last one releases it, the shared pages go back to the system at once, while the
 * address range stays readable (as zeros) until no buffer points at it any more: a span that somebody kept can be
 * wrong, but never crash the process. Decision 0002 has the reasons.
 *
 * <p><b>Threads:</b> any.
 */
public final class SharedMemory {

    private static final Logger LOG = LoggerFactory.getLogger(SharedMemory.class);
    private static final AtomicLong IDS = new AtomicLong();

    static {
        Cells.compileExchanges();
    }

    private final long id = IDS.incrementAndGet();
    private final String name;
    private final Descriptor descriptor;
    private final ByteBuffer bytes;
    private final FileIdentity identity;
    private volatile @Nullable Path path;
    private final AtomicInteger users = new AtomicInteger(1);

    private SharedMemory(String name, Descriptor descriptor, long size, @Nullable Path path) throws IOException {
        this.name = name;
        this.descriptor = descriptor;
        this.identity = FileFacts.of(descriptor).identity();
        this.bytes = Mappings.map(descriptor, size);
        this.path = path;
    }

    /** Does beforehand what the first use of this class would wait for: some ten milliseconds. */
    public static void prepare() {}

    /**
     * Creates zeroed memory that is really there.
     *
     * @param name a path for files, a label for memfds
     * @param mode permission bits of a file
     * @throws SharedMemoryException if there is no space for it, or the file exists
     */
    public static SharedMemory create(MemoryType type, String name, long size, int mode) {
        requireGranted(type, name, size);
        Path path = type == MemoryType.FILE ? Path.of(name) : null;
        Descriptor descriptor = null;
        try {
            descriptor = path == null
                    ? Memfd.createSealed(label(name), size)
                    : SharedFiles.createExclusive(path, size, mode);
            if (path != null && !SharedFiles.markInUse(descriptor)) {
                throw new IOException("somebody sweeps it away");
            }
            return new SharedMemory(name, descriptor, size, path);
        } catch (IOException e) {
            if (descriptor != null) {
                discard(descriptor, path);
            }
            throw failure(type, name, size, e);
        }
    }

    /**
     * Maps memory that a peer made; takes over the descriptor, which is closed if this throws. Its file is left alone
     * until it is known to be what the peer says: see {@link #removeAtTheEnd}.
     */
    public static SharedMemory map(String name, Descriptor descriptor, long size) {
        try {
            return new SharedMemory(name, descriptor, size, null);
        } catch (IOException e) {
            descriptor.close();
            throw new SharedMemoryException(
                    Reason.SYSTEM_CALL_FAILED, "Cannot map " + name + " of " + size + " bytes: " + e.getMessage(), e);
        }
    }

    /**
     * Reads what lies in memory that a peer can cut short meanwhile.
     *
     * @throws CorruptMemoryException if it did, or if the reading itself says so
     */
    public static <T> T examine(Supplier<T> reading) {
        try {
            T read = reading.get();
            Mappings.raiseFaults();
            return read;
        } catch (InternalError fault) {
            throw new CorruptMemoryException("the peer cut the file short while it was looked at");
        }
    }

    /** Returns the memory, in native order. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Returns a number that no other memory has or had in this process. */
    public long id() {
        return id;
    }

    /** Returns the path of the file, or the label of the memfd, as the peer is told it. */
    public String name() {
        return name;
    }

    /** Returns the descriptor, to pass to a peer. */
    public Descriptor descriptor() {
        return descriptor;
    }

    /** Returns which file this is, whatever it is called. */
    public FileIdentity identity() {
        return identity;
    }

    /** Lets the last user's release remove this name as well, if it still is that of this memory's file. */
    public void removeAtTheEnd(Path file) {
        path = file;
    }

    /**
     * Adds a user.
     *
     * @return false if the last user is gone already and the memory with it
     */
    public boolean retain() {
        int before;
        do {
            before = users.get();
            if (before == 0) {
                return false;
            }
        } while (!users.compareAndSet(before, before + 1));
        return true;
    }

    /** Removes a user; the last one's release gives the memory back and removes its file, if that is this side's part. */
    public boolean release() {
        if (users.decrementAndGet() > 0) {
            return false;
        }
        try {
            Mappings.release(bytes);
        } catch (NativeException e) {
            LOG.warn("shared memory {} stays until no buffer points at it", name, e);
        }
        Path file = path;
        try {
            if (file != null) {
                SharedFiles.unlinkIfSame(file, identity);
            }
        } catch (IOException e) {
            // The peer removes the file as well: whoever comes second finds nothing to do.
        } finally {
            descriptor.close();
        }
        return true;
    }

    /** Removes what was created and could not be mapped. */
    private static void discard(Descriptor descriptor, @Nullable Path path) {
        try (descriptor) {
            if (path != null) {
                SharedFiles.unlinkIfSame(path, FileFacts.of(descriptor).identity());
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be removed", path, e);
        }
    }

    private static String label(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Memory that a control group does not grant is not refused when it is reserved: the process is killed. */
    private static void requireGranted(MemoryType type, String name, long size) {
        long left = MemoryLimit.remainingBytes();
        if (size > left) {
            throw noSpace(
                    type,
                    name,
                    size,
                    "the memory limit of this process's control group leaves " + left + " bytes",
                    null);
        }
    }

    private static SharedMemoryException failure(MemoryType type, String name, long size, IOException e) {
        int errno = e instanceof NativeException n ? n.errno() : 0;
        if (errno == Errno.ENOSPC || errno == Errno.ENOMEM) {
            return noSpace(type, name, size, e.getMessage() + room(type, name), e);
        }
        return new SharedMemoryException(
                Reason.SYSTEM_CALL_FAILED,
                "Cannot create shared memory " + name + " of " + size + " bytes: " + e.getMessage()
                        + advice(type, errno),
                e);
    }

    private static String advice(MemoryType type, int errno) {
        if (errno == Errno.EMFILE || errno == Errno.ENFILE) {
            return ". Raise the limit of open files.";
        }
        return type == MemoryType.FILE && errno != 0
                ? ". Choose a path prefix in an existing, writable directory."
                : ".";
    }

    private static SharedMemoryException noSpace(
            MemoryType type, String name, long size, @Nullable String why, @Nullable IOException cause) {
        return new SharedMemoryException(
                Reason.SHARE_MEMORY_NO_SPACE_LEFT,
                "No space left in shared memory for " + size + " bytes of " + name + ": " + why
                        + ". Make regionBytes smaller, or raise the limit: docker run "
                        + (type == MemoryType.FILE && cause != null
                                ? "--shm-size, in Kubernetes sizeLimit of an emptyDir of medium Memory; memory type MEMFD"
                                        + " needs no file system."
                                : "--memory, in Kubernetes resources.limits.memory; shared memory counts for who makes it."),
                cause);
    }

    private static String room(MemoryType type, String name) {
        if (type == MemoryType.FILE) {
            try {
                Path directory = Path.of(name).toAbsolutePath().getParent();
                FileStore store = Files.getFileStore(directory);
                return "; " + directory + " has " + store.getTotalSpace() + " bytes, " + store.getUsableSpace()
                        + " of them free";
            } catch (IOException e) {
                // Whoever asks for its room is told of the failure that this is about.
            }
        }
        return "";
    }
}
