package io.shmipc.spring.listener;

import io.shmipc.Network;
import io.shmipc.ShmipcAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether another process has taken a unix socket's path over.
 *
 * @param path the socket's path; null for addresses without a file, which cannot tell
 * @param file which file was at the path when this process had bound it
 */
record SocketOwner(@Nullable Path path, @Nullable Object file) {

    /** Remembers the file that a listener has just bound. */
    static SocketOwner of(ShmipcAddress address) {
        if (address.network() != Network.UNIX || address.target().startsWith("@")) {
            return new SocketOwner(null, null);
        }
        Path path = Path.of(address.target());
        return new SocketOwner(path, fileAt(path));
    }

    /** Returns whether another socket has the path now. */
    boolean hasSuccessor() {
        Object present = path == null ? null : fileAt(path);
        return present != null && !present.equals(file);
    }

    /** Returns whether another socket may have the address now: an address without a file does not tell. */
    boolean mayHaveSuccessor() {
        return path == null || hasSuccessor();
    }

    private static @Nullable Object fileAt(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }
}
