package io.shmipc.server;

import io.shmipc.AddressException;
import io.shmipc.Network;
import io.shmipc.Reason;
import io.shmipc.ShmipcAddress;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.Errno;
import io.shmipc.sys.FileFacts;
import io.shmipc.sys.FileIdentity;
import io.shmipc.sys.NativeException;
import io.shmipc.sys.SharedFiles;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket that a listener is bound to, and its file.
 *
 * @param descriptor the socket
 * @param address where it listens, with the actual port
 * @param file which file the socket's path was when it was bound; null without a file
 */
record ListeningSocket(
        Descriptor descriptor,
        ShmipcAddress address,
        @Nullable FileIdentity file) {

    private static final Logger LOG = LoggerFactory.getLogger(ListeningSocket.class);

    /**
     * Binds the configured address.
     *
     * @throws AddressException if it is in use or cannot be bound
     */
    static ListeningSocket bind(ListenerConfig config) {
        return bind(config, config.address());
    }

    /** Binds the same address again, and the same port where the system chose it, after it was closed. */
    ListeningSocket reopen(ListenerConfig config) {
        return bind(config, address);
    }

    private static ListeningSocket bind(ListenerConfig config, ShmipcAddress address) {
        try {
            return address.network() == Network.UNIX ? bindUnix(config, address.target()) : bindTcp(config, address);
        } catch (IOException e) {
            throw new AddressException(Reason.ADDRESS_UNUSABLE, "Cannot listen on " + address + ": " + advice(e), e);
        }
    }

    private static ListeningSocket bindUnix(ListenerConfig config, String path) throws IOException {
        boolean named = !path.startsWith("@");
        GroupPrincipal group = named ? config.group() : null;
        Descriptor bound = config.takeOver() && named
                ? Sockets.takeOverUnix(path, config.backlog(), config.socketMode(), group)
                : Sockets.listenUnix(path, config.backlog(), config.socketMode(), group);
        try {
            FileIdentity file = named ? FileFacts.at(Path.of(path)).identity() : null;
            return new ListeningSocket(bound, config.address(), file);
        } catch (IOException | RuntimeException e) {
            bound.close();
            if (named) {
                Files.deleteIfExists(Path.of(path));
            }
            throw e;
        }
    }

    private static ListeningSocket bindTcp(ListenerConfig config, ShmipcAddress address) throws IOException {
        Descriptor bound = Sockets.listenTcp(address.target(), address.port(), config.backlog(), config.takeOver());
        try {
            return new ListeningSocket(bound, ShmipcAddress.tcp(address.target(), Sockets.localPort(bound)), null);
        } catch (IOException | RuntimeException e) {
            bound.close();
            throw e;
        }
    }

    private static String advice(IOException e) {
        int errno = e instanceof NativeException n ? n.errno() : 0;
        return e.getMessage()
                + switch (errno) {
                    case Errno.EADDRINUSE -> ". Stop the other process, or choose another address.";
                    case Errno.ENOENT, Errno.ENOTDIR -> ". Create the directory, or choose an existing one.";
                    case Errno.EACCES, Errno.EPERM -> ". Give this user write permission on the directory.";
                    case Errno.EROFS -> ". Choose a directory of a file system that is not mounted read-only.";
                    case Errno.EADDRNOTAVAIL -> ". Choose an address of this machine, such as 127.0.0.1.";
                    default -> ".";
                };
    }

    /**
     * Stops listening. The file goes first: once the socket is closed, another file may get the same inode number.
     *
     * @param unlink whether to remove the file, if it is still this socket's
     */
    void close(boolean unlink) {
        if (file != null && unlink) {
            try {
                SharedFiles.unlinkIfSame(Path.of(address.target()), file);
            } catch (IOException e) {
                LOG.warn("cannot remove the socket {}", address, e);
            }
        }
        descriptor.close();
    }
}
