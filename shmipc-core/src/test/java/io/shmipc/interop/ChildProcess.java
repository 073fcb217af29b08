package io.shmipc.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A peer in a process of its own: commands go to its standard input, its lines come from its standard output.
 *
 * <p>Its input stays open as long as this process lives, and a peer ends when that ends: a test that dies leaves
 * nothing running. Whoever closes it kills it.
 *
 * <p><b>Threads:</b> any.
 */
public final class ChildProcess implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int KEPT_ERROR_LINES = 40;
    private static final int MAX_ARGUMENT = 120;

    private final List<String> command;
    private final Process process;
    private final Writer input;
    private final List<String> lines = new ArrayList<>();
    private final Deque<String> errors = new ArrayDeque<>();
    private int next;
    private boolean ended;

    private ChildProcess(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        this.input = process.outputWriter(UTF_8);
        follow("out", process.getInputStream(), this::onLine, this::onEnd);
        follow("err", process.getErrorStream(), this::onError, () -> {});
    }

    /** Starts a peer with additional environment variables. */
    public static ChildProcess start(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        try {
            return new ChildProcess(List.copyOf(command), builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void follow(String name, InputStream stream, Consumer<String> onLine, Runnable onEnd) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                        reader.lines().forEach(onLine);
                    } catch (IOException | UncheckedIOException e) {
                        onError("reading failed: " + e.getMessage());
                    } finally {
                        onEnd.run();
                    }
                },
                "peer-" + process.pid() + "-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized void onLine(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void onError(String line) {
        errors.add(line);
        if (errors.size() > KEPT_ERROR_LINES) {
            errors.remove();
        }
    }

    private synchronized void onEnd() {
        ended = true;
        notifyAll();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Fails, with what the process said last, if it has died. */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new AssertionError(describe("has died"));
        }
    }

    /** Sends one command. */
    public void command(String line) {
        try {
            input.write(line + "\n");
            input.flush();
        } catch (IOException e) {
            throw new AssertionError(describe("takes no commands"), e);
        }
    }

    /** Asks the process to end in order, if it has not done so already. */
    public void end() {
        try {
            input.close();
        } catch (IOException e) {
            onError("it was gone already: " + e.getMessage());
        }
    }

    /**
     * Waits for the next line that begins with the given word, skipping others; a FAIL line ends the wait.
     *
     * @return the rest of that line
     */
    public String await(String word, Duration timeout) {
        return await(word, timeout, true);
    }

    private synchronized String await(String word, Duration timeout, boolean failuresCount) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            while (next < lines.size()) {
                String line = lines.get(next++);
                if (line.startsWith(word)) {
                    return line.substring(word.length()).strip();
                }
                if (failuresCount && line.startsWith("FAIL")) {
                    throw new AssertionError(describe("said " + line));
                }
            }
            long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
            if (ended || leftMillis <= 0) {
                throw new AssertionError(describe(ended ? "ended without " + word : "said no " + word));
            }
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(describe("was given up, interrupted"), e);
            }
        }
    }

    /** Waits like {@link #await} for a line whose rest is JSON. */
    public JsonNode awaitJson(String word, Duration timeout) {
        return JSON.readTree(await(word, timeout));
    }

    /** Waits likewise for the line of a peer whose failures are part of the test. */
    public JsonNode awaitJsonDespiteFailures(String word, Duration timeout) {
        return JSON.readTree(await(word, timeout, false));
    }

    /** Ends the process without warning, like {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** Stops the process where it is, all of its threads, until {@link #resume()}. */
    public void pause() {
        signal("-STOP");
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(this::isStopped);
    }

    private boolean isStopped() throws IOException {
        try (var threads = Files.list(Path.of("/proc/" + pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                String facts = Files.readString(thread.resolve("stat"));
                if (facts.charAt(facts.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        }
    }

    public void resume() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", name, Long.toString(pid())).start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new AssertionError(describe("did not take signal " + name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(describe("was given up, interrupted"), e);
        }
    }

    /** Returns the exit code. */
    public int awaitExit(Duration timeout) {
        try {
            if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError(describe("did not end within " + timeout));
    }

    @Override
    public void close() {
        kill();
    }

    private synchronized String describe(String what) {
        return command.stream().map(ChildProcess::abbreviated).collect(Collectors.joining(" ")) + "\n" + what
                + "\nits lines: " + lines + "\nits errors:\n" + String.join("\n", errors);
    }

    /** A class path tells nobody anything. */
    private static String abbreviated(String argument) {
        return argument.length() <= MAX_ARGUMENT ? argument : argument.substring(0, MAX_ARGUMENT) + "…";
    }
}
