package io.shmipc.sys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What the operating system knows about a file at one moment.
 *
 * @param identity which file it is
 * @param bytes its size
 * @param uid the user that owns it
 * @param gid the group that owns it
 * @param mode its permission bits, including set-id and sticky
 * @param regular whether it is a regular file, as memfds are, and no socket, device, directory or link
 */
public record FileFacts(FileIdentity identity, long bytes, int uid, int gid, int mode, boolean regular) {
    private static final int TYPE_MASK = 0xF000;
    private static final int TYPE_REGULAR = 0x8000;
    private static final int TYPE_SOCKET = 0xC000;
    private static final int PERMISSIONS = 0xFFF;

    // struct statx, which is the same on every processor:
    //
    //   0          4        8             16       20    24    28      32    40     48       136      140
    //   | mask     | …      | …           | links  | uid | gid | mode  | ino | size | …      | device (major, minor) |
    // …
    private static final int STATX_UID = 20;
    private static final int STATX_GID = 24;
    private static final int STATX_MODE = 28;
    private static final int STATX_INODE = 32;
    private static final int STATX_SIZE = 40;
    private static final int STATX_DEVICE_MAJOR = 136;
    private static final int STATX_DEVICE_MINOR = 140;
    private static final int STATX_BYTES = 256;

    /**
     * Returns the facts of an open file.
     *
     * @throws IOException if they cannot be read
     */
    public static FileFacts of(Descriptor file) throws IOException {
        int fd = file.enter();
        try {
            return of(statx(fd, file.label()));
        } finally {
            file.exit();
        }
    }

    /**
     * Returns the facts of what a path names now; of a symbolic link those of the link itself. Opens nothing, so that it
     * succeeds when no descriptor is left.
     *
     * @throws NativeException with ENOENT if nothing is there
     * @throws IOException if they cannot be read
     */
    public static FileFacts at(Path path) throws IOException {
        return at(path.toString());
    }

    static FileFacts at(String path) throws NativeException {
        return of(statx(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, path));
    }

    /** Tells whether an open path is a socket file. */
    static boolean isSocket(Descriptor place) throws NativeException {
        int fd = place.enter();
        try {
            return (mode(statx(fd, place.label())) & TYPE_MASK) == TYPE_SOCKET;
        } finally {
            place.exit();
        }
    }

    private static FileFacts of(ByteBuffer statx) {
        long major = Integer.toUnsignedLong(statx.getInt(STATX_DEVICE_MAJOR));
        long minor = Integer.toUnsignedLong(statx.getInt(STATX_DEVICE_MINOR));
        int mode = mode(statx);
        return new FileFacts(
                new FileIdentity(major << Integer.SIZE | minor, statx.getLong(STATX_INODE)),
                statx.getLong(STATX_SIZE),
                statx.getInt(STATX_UID),
                statx.getInt(STATX_GID),
                mode & PERMISSIONS,
                (mode & TYPE_MASK) == TYPE_REGULAR);
    }

    private static int mode(ByteBuffer statx) {
        return Short.toUnsignedInt(statx.getShort(STATX_MODE));
    }

    private static ByteBuffer statx(int fd, String label) throws NativeException {
        return statx(fd, "", Libc.AT_EMPTY_PATH, label);
    }

    private static ByteBuffer statx(int fd, String path, int flags, String label) throws NativeException {
        NativeBuffer found = NativeBuffer.struct(STATX_BYTES);
        int result = statx(fd, path, flags, found);
        if (result < 0 && Libc.errno() != Errno.ENOENT && Libc.errno() != Errno.ENOTDIR) {
            // Once more: a file would stay for ever because of what may be over in a moment.
            result = statx(fd, path, flags, found);
        }
        Libc.check(result, "statx", label);
        return found.bytes();
    }

    private static int statx(int fd, String path, int flags, NativeBuffer target) {
        return NativeBuffer.string(path)
                .call(name -> target.call(address ->
                        (int) Libc.syscall(Libc.SYS_STATX, fd, name, flags, Libc.STATX_BASIC_STATS, address, 0)));
    }
}
