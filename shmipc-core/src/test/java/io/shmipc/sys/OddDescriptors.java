package io.shmipc.sys;

import java.io.IOException;
import java.nio.file.Path;

/** Descriptors that are no memory, or not as they must be. */
public final class OddDescriptors {

    private static final int O_RDONLY = 0;

    private OddDescriptors() {}

    /** Returns a place in the file system that cannot be read or written. */
    public static Descriptor directory() throws IOException {
        return SharedFiles.place("/dev/shm");
    }

    /** Returns a pipe in the file system, opened for both ends. */
    public static Descriptor pipe(Path path) throws IOException {
        return SharedFiles.openExisting(path);
    }

    /** Returns another descriptor of a memfd, through which nothing can be written. */
    public static Descriptor readOnly(Descriptor memfd) throws IOException {
        return SharedFiles.open(memfd.procPath().toString(), O_RDONLY | Libc.O_CLOEXEC);
    }
}
