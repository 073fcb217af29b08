package io.shmipc.sys;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Files that hold shared memory: created without touching what is there, opened without following links.
 *
 * <p><b>Threads:</b> any.
 */
public final class SharedFiles {
    private static final int OPEN_FLAGS = Libc.O_RDWR | Libc.O_NOFOLLOW | Libc.O_CLOEXEC | Libc.O_NOCTTY;

    private SharedFiles() {}

    /**
     * Creates a file that was not there, with all its space reserved. On failure nothing of it stays behind.
     *
     * @param path the name; its directory has to be there
     * @param bytes the size, at least 1
     * @param mode the permission bits exactly, such as 0600; the umask does not matter
     * @throws IllegalArgumentException if the size is not positive
     * @throws NativeException with EEXIST if the name is taken, ENOSPC if the file system is too full, or another error
     * @throws IOException if the new file cannot be looked at
     */
    public static Descriptor createExclusive(Path path, long bytes, int mode) throws IOException {
        Descriptor file = open(path.toString(), OPEN_FLAGS | Libc.O_CREAT | Libc.O_EXCL);
        try {
            Libc.check(Libc.fchmod(file.fd(), mode), "fchmod", file.label());
            reserve(file, bytes);
            return file;
        } catch (IOException | RuntimeException e) {
            try (file) {
                unlinkIfSame(path, FileFacts.of(file).identity());
            } catch (IOException cleanup) {
                e.addSuppressed(cleanup);
            }
            throw e;
        }
    }

    /**
     * Marks a file as in use for as long as the descriptor is open; the mark ends with the process, however it dies.
     *
     * @return false if another descriptor, of this process or any other, has marked it
     * @throws NativeException if the file system has no locks
     */
    public static boolean markInUse(Descriptor file) throws NativeException {
        int result;
        do {
            result = Libc.flock(file.fd(), Libc.LOCK_EX | Libc.LOCK_NB);
        } while (result != 0 && Libc.interrupted());
        if (result != 0 && Libc.errno() == Errno.EAGAIN) {
            return false;
        }
        Libc.check(result, "flock", file.label());
        return true;
    }

    /**
     * Opens a file for reading and writing without waiting and without following a symbolic link at its end.
     * It may be anything: look at its {@link FileFacts} before mapping it.
     *
     * @throws NativeException with ENOENT, EACCES, ELOOP (a symbolic link) or another error
     */
    public static Descriptor openExisting(Path path) throws NativeException {
        return open(path.toString(), OPEN_FLAGS | Libc.O_NONBLOCK);
    }

    /**
     * Returns whether a descriptor was opened for reading and writing. A mapping cannot tell: it is made through another
     * one, with this process's rights.
     *
     * @throws NativeException if the system refuses
     */
    public static boolean isReadWrite(Descriptor file) throws NativeException {
        int fd = file.enter();
        try {
            int flags = Libc.check(Libc.fcntl(fd, Libc.F_GETFL, 0), "fcntl(F_GETFL)", file.label());
            return (flags & Libc.O_ACCMODE) == Libc.O_RDWR;
        } finally {
            file.exit();
        }
    }

    /**
     * Removes a name if it still belongs to that file.
     *
     * @return whether the name was removed; false if it is gone or names another file
     * @throws NativeException if the system refuses
     * @throws IOException if the file cannot be looked at
     */
    public static boolean unlinkIfSame(Path path, FileIdentity identity) throws IOException {
        return unlinkIfSame(path.toString(), identity);
    }

    /** Removes a name that need not be representable as a Path, which depends on the locale. */
    static boolean unlinkIfSame(String path, FileIdentity identity) throws IOException {
        try {
            if (!FileFacts.at(path).identity().equals(identity)) {
                return false;
            }
            Libc.check(NativeBuffer.string(path).call(Libc::unlink), "unlink", path);
            return true;
        } catch (NativeException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                return false;
            }
            throw e;
        }
    }

    /** Opens a path; a file that this creates is the owner's alone until its mode is set. */
    static Descriptor open(String path, int flags) throws NativeException {
        NativeBuffer name = NativeBuffer.string(path);
        int fd;
        do {
            fd = name.call(address -> Libc.open(address, flags, 0600));
        } while (fd < 0 && Libc.interrupted());
        return new Descriptor(Libc.check(fd, "open", path), path);
    }

    /** Opens a path as a place only: nothing is read, no link is followed, no device or pipe notices. */
    static Descriptor place(String path) throws NativeException {
        return open(path, Libc.O_PATH | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
    }

    /** Gives a new file its size and all its pages, so that writing to its mapping cannot run out of space. */
    static void reserve(Descriptor file, long bytes) throws NativeException {
        if (bytes <= 0) {
            throw new IllegalArgumentException("shared memory has at least 1 byte; " + bytes + " were asked for");
        }
        int errno;
        do {
            errno = Libc.posix_fallocate(file.fd(), 0, bytes);
        } while (errno == Errno.EINTR);
        if (errno != 0) {
            throw new NativeException("posix_fallocate", file.label() + ", " + bytes + " bytes", errno);
        }
    }
}
