package io.shmipc.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The sample in a process of its own, from the built jar; closing it kills what is left of it. */
public final class SampleProcess implements AutoCloseable {

    private static final int EXIT_AFTER_SIGTERM = 143;

    /** For processes that live a few seconds: they start a third faster. */
    private static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final Process process;
    private final Path log;

    public SampleProcess(Path log, String... arguments) throws IOException {
        this(log, QUICK_START, arguments);
    }

    public SampleProcess(Path log, List<String> jvmOptions, String... arguments) throws IOException {
        this.log = log;
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.add("-Djava.io.tmpdir=" + log.getParent());
        command.addAll(jvmOptions);
        String jar = System.getProperty("sample.jar");
        // An IDE has built no jar.
        command.addAll(
                jar == null
                        ? List.of("-cp", System.getProperty("java.class.path"), SampleApplication.class.getName())
                        : List.of("-jar", jar));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    public long pid() {
        return process.pid();
    }

    /** Waits until the log has a line with the pattern; returns the pattern's first group, or all of it. */
    public String awaitLog(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return Awaitility.await(pattern)
                .atMost(Duration.ofSeconds(60))
                .until(() -> find(compiled), found -> found != null);
    }

    /** Asks the process to end and waits until it has, in order. */
    public void terminate() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(this::log).isTrue();
        assertThat(process.exitValue()).as(this::log).isEqualTo(EXIT_AFTER_SIGTERM);
    }

    /** Waits until the process has failed to start; returns its log. */
    public String awaitFailure() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(this::log).isTrue();
        assertThat(process.exitValue()).as(this::log).isEqualTo(1);
        return log();
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process as {@code kill -9} does, and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Returns the processes that this one has started and that live. */
    public List<ProcessHandle> children() {
        return process.children().toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private String find(Pattern pattern) {
        Matcher matcher = pattern.matcher(log());
        if (matcher.find()) {
            return matcher.group(Math.min(1, matcher.groupCount()));
        }
        if (!process.isAlive()) {
            fail("The process ended with " + process.exitValue() + ":\n" + log());
        }
        return null;
    }
}
