package io.shmipc.benchmarks.harness;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process that is told things by lines and answers by lines.
 *
 * <p><b>Threads:</b> one talks; an own one listens.
 */
final class Child implements AutoCloseable {

    private static final String NO_MORE = "";
    private static final long END_SECONDS = 10;

    private final Process process;
    private final BufferedWriter input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /**
     * @param errors takes what the process writes to stderr
     */
    Child(List<String> command, File errors) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors))
                .start();
        input = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::listen, "lines of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void listen() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            while (line != null) {
                lines.add(line);
                line = output.readLine();
            }
        } catch (IOException e) {
            // The process is gone, as the end of its lines says.
        }
        lines.add(NO_MORE);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void say(String line) throws IOException {
        input.write(line);
        input.newLine();
        input.flush();
    }

    /**
     * Waits for a line that begins with the given word, passing over others.
     *
     * @return what follows the word
     * @throws IOException if the process says that it failed, ends, or says nothing in time
     */
    String hear(String word, long seconds) throws IOException, InterruptedException {
        long due = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            String line = lines.poll(Math.max(1, due - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new IOException("nothing heard for " + seconds + " s where \"" + word + "\" was expected");
            } else if (line.equals(NO_MORE)) {
                lines.add(NO_MORE);
                throw new IOException("the process ended where \"" + word + "\" was expected");
            } else if (line.startsWith("failed") || line.startsWith("FAIL")) {
                throw new IOException(line);
            } else if (line.equals(word) || line.startsWith(word + " ")) {
                return line.substring(word.length()).trim();
            }
        }
    }

    /** Ends the process: in order by the end of its input, otherwise by force. */
    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException e) {
            // It does not listen any more.
        }
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the process by force. */
    void kill() {
        process.destroyForcibly();
        close();
    }
}
