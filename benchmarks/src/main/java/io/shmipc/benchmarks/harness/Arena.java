package io.shmipc.benchmarks.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The directory of one run, and all names that its processes use in shared memory: what is left of them at the end is
 * removed.
 *
 * <p><b>Threads:</b> any.
 */
final class Arena implements AutoCloseable {

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path directory;
    private final AtomicInteger names = new AtomicInteger();

    /**
     * @param directory exists, is the run's own, and short enough for socket paths below it
     */
    Arena(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    /** Returns a new path for a socket. */
    Path newPlace() {
        return directory.resolve("s" + names.incrementAndGet());
    }

    /** Returns what names in shared memory begin with. */
    String sharedPrefix() {
        return SHARED_MEMORY.resolve(directory.getFileName() + "-").toString();
    }

    /** Returns the command that starts a JVM with this one's class path. */
    List<String> java(String mainClass, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.addAll(List.of(arguments));
        return command;
    }

    /** Returns the flags of every measured JVM. */
    List<String> jvmFlags() {
        List<String> flags = new ArrayList<>(List.of(
                "-Xms128m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                // No file in /tmp.
                "-XX:-UsePerfData",
                // Compiler threads that come and go would take their processor time with them.
                "-XX:-UseDynamicNumberOfCompilerThreads",
                "-Djava.io.tmpdir=" + directory,
                "-Djna.tmpdir=" + directory,
                // Agrona asks for it.
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"));
        if (Runtime.version().feature() >= 24) {
            flags.add("--enable-native-access=ALL-UNNAMED");
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        return flags;
    }

    /** Removes what processes that were killed have left in shared memory. */
    @Override
    public void close() {
        String prefix = directory.getFileName() + "-";
        try (Stream<Path> files = Files.list(SHARED_MEMORY)) {
            files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .forEach(Arena::remove);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path path) {
        try {
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.list(path)) {
                    files.forEach(Arena::remove);
                }
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            System.err.println("cannot remove " + path + ": " + e);
        }
    }
}
