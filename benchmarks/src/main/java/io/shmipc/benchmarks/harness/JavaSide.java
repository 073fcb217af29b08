package io.shmipc.benchmarks.harness;

import io.shmipc.benchmarks.job.Job;
import io.shmipc.benchmarks.transport.Transports;
import io.shmipc.benchmarks.worker.Worker;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A worker JVM that lives for the whole run, so that its code is compiled once. */
final class JavaSide implements Side {

    /** How long a job may take. */
    static final long JOB_SECONDS = 120;

    private static final long START_SECONDS = 30;

    private final Arena arena;
    private final Transports transport;
    private final boolean server;
    private final File errors;
    private @Nullable Child worker;

    JavaSide(Arena arena, Transports transport, boolean server, File errors) {
        this.arena = arena;
        this.transport = transport;
        this.server = server;
        this.errors = errors;
    }

    @Override
    public boolean supports(Job job) {
        return transport.transport().supports(job);
    }

    private Child worker() throws IOException {
        Child current = worker;
        if (current == null || !current.isAlive()) {
            current = new Child(arena.java(Worker.class.getName(), transport.label()), errors);
            worker = current;
        }
        return current;
    }

    @Override
    public void begin(Job job, Path place) throws IOException, InterruptedException {
        worker().say(job.command(server ? "serve" : "drive") + " " + place);
        if (server) {
            worker().hear("ready", START_SECONDS);
        }
    }

    @Override
    public Map<String, Double> result(Job job) throws IOException, InterruptedException {
        return parse(worker().hear("result", JOB_SECONDS));
    }

    /** Tells the worker something else than a job. */
    Map<String, Double> obey(String command) throws IOException, InterruptedException {
        worker().say(command);
        return parse(worker().hear("result", JOB_SECONDS));
    }

    private static Map<String, Double> parse(String words) {
        Map<String, Double> values = new TreeMap<>();
        for (String word : words.split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                values.put(word.substring(0, equals), Double.valueOf(word.substring(equals + 1)));
            }
        }
        return values;
    }

    @Override
    public void end() throws IOException, InterruptedException {
        if (server) {
            worker().say("end");
            worker().hear("ended", START_SECONDS);
        }
    }

    @Override
    public long pid() {
        Child current = worker;
        return current == null ? 0 : current.pid();
    }

    @Override
    public void kill() {
        Child current = worker;
        worker = null;
        if (current != null) {
            current.kill();
        }
    }

    @Override
    public void close() {
        Child current = worker;
        worker = null;
        if (current != null) {
            current.close();
        }
    }
}
