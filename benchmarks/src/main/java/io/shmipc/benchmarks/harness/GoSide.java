package io.shmipc.benchmarks.harness;

import io.shmipc.benchmarks.job.Job;
import io.shmipc.benchmarks.job.Pattern;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The Go peer, a process per job.
 *
 * <p>Its processor time is counted over the whole process, start and warm-up included.
 */
final class GoSide implements Side {

    private static final long START_SECONDS = 30;
    private static final double NANOS_PER_TICK = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int USER_TICKS = 11;
    private static final int CHILDREN_USER_TICKS = 13;

    private final Arena arena;
    private final Path program;
    private final boolean server;
    private final File errors;
    private @Nullable Child child;

    GoSide(Arena arena, Path program, boolean server, File errors) {
        this.arena = arena;
        this.program = program;
        this.server = server;
        this.errors = errors;
    }

    @Override
    public boolean supports(Job job) {
        return job.pattern() == Pattern.TOUCH || job.pattern() == Pattern.FILL || job.pattern() == Pattern.ONE_WAY;
    }

    private List<String> command(Job job, Path place) {
        boolean oneWay = job.pattern().isOneWay();
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.add(oneWay ? (server ? "oneway-recv" : "oneway-send") : (server ? "pong" : "ping"));
        command.addAll(List.of("-network", "unix", "-addr", place.toString()));
        command.addAll(List.of("-size", Integer.toString(job.bytes())));
        command.addAll(List.of("-pattern", job.isFilled() ? "fill" : "touch"));
        if (oneWay) {
            command.addAll(List.of("-count", Integer.toString(job.total())));
        } else if (!server) {
            command.addAll(List.of("-warmup", Integer.toString(job.warmUp())));
            command.addAll(List.of("-count", Integer.toString(job.count())));
        }
        if (!server) {
            command.addAll(List.of("-memory", "memfd", "-path-prefix", arena.sharedPrefix() + "go"));
        }
        return command;
    }

    @Override
    public void begin(Job job, Path place) throws IOException, InterruptedException {
        Child started = new Child(command(job, place), errors);
        child = started;
        if (server) {
            started.hear("READY", START_SECONDS);
        }
    }

    @Override
    public Map<String, Double> result(Job job) throws IOException, InterruptedException {
        Child current = child;
        if (current == null) {
            throw new IOException("the Go peer is not running");
        }
        Map<String, Double> values = new TreeMap<>();
        double ticks;
        if (server) {
            ticks = ticks(Path.of("/proc/" + current.pid() + "/stat"), USER_TICKS);
        } else {
            Path self = Path.of("/proc/self/stat");
            double before = ticks(self, CHILDREN_USER_TICKS);
            String json = current.hear("DONE", JavaSide.JOB_SECONDS);
            current.close();
            ticks = ticks(self, CHILDREN_USER_TICKS) - before;
            copy(json, "p50Nanos", values, "p50");
            copy(json, "p99Nanos", values, "p99");
            copy(json, "p999Nanos", values, "p999");
            copy(json, "messagesPerSecond", values, "rate");
        }
        values.put("cpu", ticks * NANOS_PER_TICK / job.total());
        return values;
    }

    /** Returns user and system time; the fields behind the name, which may contain anything, count from 0. */
    private static double ticks(Path stat, int field) throws IOException {
        String text = Files.readString(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        return Double.parseDouble(fields[field]) + Double.parseDouble(fields[field + 1]);
    }

    private static void copy(String json, String from, Map<String, Double> values, String to) {
        int at = json.indexOf("\"" + from + "\":");
        if (at >= 0) {
            int begin = at + from.length() + 3;
            int end = begin;
            while (end < json.length() && ",}".indexOf(json.charAt(end)) < 0) {
                end++;
            }
            values.put(to, Double.valueOf(json.substring(begin, end)));
        }
    }

    @Override
    public void end() {
        close();
    }

    @Override
    public long pid() {
        Child current = child;
        return current == null || !server ? 0 : current.pid();
    }

    @Override
    public void kill() {
        Child current = child;
        child = null;
        if (current != null) {
            current.kill();
        }
    }

    @Override
    public void close() {
        Child current = child;
        child = null;
        if (current != null) {
            current.close();
        }
    }
}
