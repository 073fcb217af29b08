package io.shmipc.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The descriptors of this process. */
public final class OpenFiles {

    static {
        // The JDK keeps a socket of its own from the first use of a channel on.
        try {
            SocketChannel.open(StandardProtocolFamily.UNIX).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OpenFiles() {}

    /**
     * Returns how many files and sockets are open; a session makes its eventfd when it needs it, so these are left out.
     */
    public static int count() {
        return (int) targets().stream()
                .filter(target -> !target.startsWith("anon_inode"))
                .count();
    }

    /** Returns how many descriptors are open whose file's name contains a text. */
    public static int countNaming(String text) {
        return (int) targets().stream().filter(target -> target.contains(text)).count();
    }

    private static List<String> targets() {
        List<String> targets = new ArrayList<>();
        try (var links = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : links.toList()) {
                try {
                    targets.add(Files.readSymbolicLink(link).toString());
                } catch (IOException e) {
                    // Closed meanwhile, such as the one that listed the directory.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return targets;
    }
}
