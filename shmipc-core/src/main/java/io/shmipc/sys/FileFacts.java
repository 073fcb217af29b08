package io.shmipc.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

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

    /**
     * Returns the facts of an open file.
     *
     * @throws IOException if they cannot be read
     */
    public static FileFacts of(Descriptor file) throws IOException {
        file.enter();
        try {
            return read(file.procPath());
        } finally {
            file.exit();
        }
    }

    /**
     * Returns the facts of what a path names now; of a symbolic link those of the link itself.
     *
     * @throws NativeException with ENOENT if nothing is there
     * @throws IOException if they cannot be read
     */
    public static FileFacts at(Path path) throws IOException {
        return at(path.toString());
    }

    static FileFacts at(String path) throws IOException {
        try (Descriptor place = SharedFiles.place(path)) {
            return of(place);
        }
    }

    /** Tells whether an open path is a socket file. */
    static boolean isSocket(Descriptor place) throws IOException {
        return (number(Files.readAttributes(place.procPath(), "unix:mode"), "mode") & TYPE_MASK) == TYPE_SOCKET;
    }

    private static FileFacts read(Path procPath) throws IOException {
        Map<String, Object> values = Files.readAttributes(procPath, "unix:dev,ino,size,uid,gid,mode");
        int mode = (int) number(values, "mode");
        return new FileFacts(
                new FileIdentity(number(values, "dev"), number(values, "ino")),
                number(values, "size"),
                (int) number(values, "uid"),
                (int) number(values, "gid"),
                mode & PERMISSIONS,
                (mode & TYPE_MASK) == TYPE_REGULAR);
    }

    private static long number(Map<String, Object> values, String name) throws IOException {
        if (values.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IOException("the file system reports no attribute '" + name + "': " + values);
    }
}
