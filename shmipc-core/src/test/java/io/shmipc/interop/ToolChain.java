package io.shmipc.interop;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds and runs the tools that build peers in other languages. */
final class ToolChain {

    private ToolChain() {}

    /** Returns where a program lies on the PATH. */
    static Optional<Path> find(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return List.of(path.split(File.pathSeparator)).stream()
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Returns the first line that a program prints. */
    static String output(Path program, String argument) {
        try {
            Process process = new ProcessBuilder(program.toString(), argument).start();
            try (BufferedReader reader = process.inputReader()) {
                return Optional.ofNullable(reader.readLine()).orElse("");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a build to its end; returns what went wrong, or null. */
    static @Nullable String build(
            Path directory, List<String> command, Map<String, String> environment, Duration limit) {
        String name = String.join(" ", command) + " in " + directory;
        try {
            Path log = Files.createTempFile("shmipc-it-build", ".log");
            try {
                ProcessBuilder builder = new ProcessBuilder(command);
                builder.environment().putAll(environment);
                builder.directory(directory.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
                Process process = builder.start();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    return name + " took longer than " + limit.toSeconds() + " s.";
                }
                return process.exitValue() == 0 ? null : name + " failed: " + Files.readString(log);
            } finally {
                Files.deleteIfExists(log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return name + " was interrupted.";
        }
    }
}
