package io.shmipc.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts the system calls of running processes by perf, which slows them little, or else by strace.
 *
 * <p><b>Threads:</b> one; one count at a time.
 */
final class SystemCalls {

    private static final String EVENT = "raw_syscalls:sys_enter";
    private static final long ATTACH_MILLIS = 300;
    private static final long ANSWER_SECONDS = 20;

    private final boolean perf;
    private final Path output;
    private @Nullable Process counter;

    private SystemCalls(boolean perf, Path output) {
        this.perf = perf;
        this.output = output;
    }

    /** Returns a counter, or null if this machine has none that works. */
    static @Nullable SystemCalls find(Path directory) throws InterruptedException {
        for (boolean perf : new boolean[] {true, false}) {
            SystemCalls candidate = new SystemCalls(perf, directory.resolve("system-calls"));
            try {
                candidate.start(List.of(ProcessHandle.current().pid()));
                Files.readString(Path.of("/proc/self/stat"));
                if (candidate.stop() > 0) {
                    return candidate;
                }
            } catch (IOException e) {
                // Not installed, or not allowed.
            }
        }
        return null;
    }

    String program() {
        return perf ? "perf stat" : "strace -c";
    }

    /** Begins to count what the given processes call. */
    void start(List<Long> pids) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        String list = String.join(",", pids.stream().map(String::valueOf).toList());
        if (perf) {
            command.addAll(List.of("perf", "stat", "-x", ";", "-e", EVENT, "-o", output.toString(), "-p", list));
        } else {
            command.addAll(List.of("strace", "-f", "-c", "-o", output.toString()));
            pids.forEach(pid -> command.addAll(List.of("-p", Long.toString(pid))));
        }
        Files.deleteIfExists(output);
        counter = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        // Neither says when it is attached.
        TimeUnit.MILLISECONDS.sleep(ATTACH_MILLIS);
    }

    /** Ends counting; returns how many calls there were, 0 if nothing was counted. */
    long stop() throws IOException, InterruptedException {
        Process current = counter;
        counter = null;
        if (current == null) {
            return 0;
        }
        if (current.isAlive()) {
            new ProcessBuilder("kill", "-INT", Long.toString(current.pid()))
                    .start()
                    .waitFor();
        }
        if (!current.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
            current.destroyForcibly();
            return 0;
        }
        return Files.exists(output) ? total(Files.readAllLines(output)) : 0;
    }

    private long total(List<String> lines) {
        for (String line : lines) {
            try {
                if (perf && line.contains(EVENT)) {
                    return Long.parseLong(line.substring(0, line.indexOf(';')));
                } else if (!perf && line.endsWith("total")) {
                    return Long.parseLong(line.trim().split("\\s+", -1)[3]);
                }
            } catch (NumberFormatException e) {
                return 0;
            }
        }
        return 0;
    }
}
