package io.shmipc.client;

import io.shmipc.sys.Descriptor;
import io.shmipc.sys.FileFacts;
import io.shmipc.sys.SharedFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the memory files of clients that died without removing them.
 *
 * <p>A living client holds a lock on each of its files, which ends with its process in whatever way it ends and holds
 * across containers, where process numbers say nothing. Files of other implementations have other names and are left
 * alone. A server that still maps such a file keeps its mapping.
 *
 * <p><b>Threads:</b> any; two sweepers do not disturb each other.
 */
final class StaleFiles {

    /** Tells this implementation's files from others'; stands between process number and random part. */
    static final String MARK = "_j";

    private static final Logger LOG = LoggerFactory.getLogger(StaleFiles.class);
    private static final Pattern SUFFIX =
            Pattern.compile("_\\d+(_epoch_\\d+)?" + MARK + "[0-9a-f]{16}_(buffer|queue_\\d+)");

    /** A file this young may belong to a client that has not locked it yet. */
    private static final Duration MIN_AGE = Duration.ofSeconds(10);

    private StaleFiles() {}

    /** Looks at the files whose names begin with the prefix. */
    static void sweep(Path prefix) {
        Path directory = prefix.getParent();
        Path name = prefix.getFileName();
        if (directory == null || name == null || !Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, file -> isOurs(file, name.toString()))) {
            for (Path file : files) {
                removeIfDead(file);
            }
        } catch (IOException e) {
            LOG.debug("{} was not swept", directory, e);
        }
    }

    private static boolean isOurs(Path file, String prefix) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith(prefix)
                && SUFFIX.matcher(name.substring(prefix.length())).matches();
    }

    private static void removeIfDead(Path file) {
        try (Descriptor descriptor = SharedFiles.openExisting(file)) {
            Instant modified = Files.getLastModifiedTime(file).toInstant();
            if (modified.isBefore(Instant.now().minus(MIN_AGE))
                    && SharedFiles.markInUse(descriptor)
                    && SharedFiles.unlinkIfSame(file, FileFacts.of(descriptor).identity())) {
                LOG.info("removed {}, which a client left behind that is gone", file);
            }
        } catch (IOException e) {
            LOG.debug("{} was not swept", file, e);
        }
    }
}
