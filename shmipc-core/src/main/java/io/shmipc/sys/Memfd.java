package io.shmipc.sys;

import java.nio.charset.StandardCharsets;

/**
 * Shared memory without a name in any file system: it lives as long as a descriptor or a mapping of it.
 *
 * <p><b>Threads:</b> any.
 */
public final class Memfd {
    /** Flag for {@link #create}: not inherited by programs that this process starts. */
    public static final int CLOEXEC = 0x1;

    /** Flag for {@link #create}: seals may be added later. */
    public static final int ALLOW_SEALING = 0x2;

    /** No more seals can be added. */
    public static final int SEAL_SEAL = 0x1;

    /** The file cannot become smaller. */
    public static final int SEAL_SHRINK = 0x2;

    /** The file cannot become larger. */
    public static final int SEAL_GROW = 0x4;

    private static final int MAX_NAME_BYTES = 249;

    private Memfd() {}

    /**
     * Creates an empty memfd.
     *
     * @param name what /proc shows, 1 to 249 bytes in UTF-8, no slash; it need not be unique
     * @param flags {@link #CLOEXEC}, {@link #ALLOW_SEALING}
     * @throws IllegalArgumentException if the name breaks its rule
     * @throws NativeException if the system refuses, for instance with EMFILE
     */
    public static Descriptor create(String name, int flags) throws NativeException {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > MAX_NAME_BYTES || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the name of a memfd has 1 to " + MAX_NAME_BYTES
                    + " bytes and no slash; it was '" + name + "' (" + length + " bytes)");
        }
        int fd = NativeBuffer.string(name)
                .call(address -> (int) Libc.syscall(Libc.SYS_MEMFD_CREATE, address, flags, 0, 0, 0, 0));
        return new Descriptor(Libc.check(fd, "memfd_create", name), "memfd " + name);
    }

    /**
     * Creates a memfd of a size that nobody can change any more, with all its memory reserved.
     *
     * @param name what /proc shows, 1 to 249 bytes in UTF-8, no slash
     * @param bytes the size, at least 1
     * @throws IllegalArgumentException if the name or the size breaks its rule
     * @throws NativeException if the system refuses, for instance with ENOSPC or ENOMEM
     */
    public static Descriptor createSealed(String name, long bytes) throws NativeException {
        Descriptor memfd = create(name, CLOEXEC | ALLOW_SEALING);
        try {
            SharedFiles.reserve(memfd, bytes);
            int seals = SEAL_SEAL | SEAL_SHRINK | SEAL_GROW;
            Libc.check(Libc.fcntl(memfd.fd(), Libc.F_ADD_SEALS, seals), "fcntl(F_ADD_SEALS)", memfd.label());
            return memfd;
        } catch (NativeException | RuntimeException e) {
            memfd.close();
            throw e;
        }
    }

    /**
     * Returns the seals of a file, a set of the SEAL bits; 0 for a file that cannot be sealed.
     *
     * @throws NativeException if the system refuses
     */
    public static int seals(Descriptor file) throws NativeException {
        int fd = file.enter();
        try {
            int seals = Libc.fcntl(fd, Libc.F_GET_SEALS, 0);
            if (seals < 0 && Libc.errno() == Errno.EINVAL) {
                return 0;
            }
            return Libc.check(seals, "fcntl(F_GET_SEALS)", file.label());
        } finally {
            file.exit();
        }
    }
}
