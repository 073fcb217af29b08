package io.shmipc.benchmarks.harness;

import io.shmipc.benchmarks.report.Results;
import io.shmipc.benchmarks.report.Sample;
import io.shmipc.benchmarks.transport.Transports;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What idle sessions and streams hold and use, and how long a new session takes.
 *
 * <p><b>Threads:</b> one.
 */
final class Footprints {

    static final int SESSIONS = 100;
    static final int STREAMS = 1000;

    private static final int NEW_SESSIONS = 200;
    private static final int WARM_UP = 20;
    private static final String LABEL = "footprint";
    private static final String COMMAND = "footprint ";

    /** Until everything that ends by itself some time after its last use has ended. */
    private static final long SETTLE_SECONDS = 2;

    private final Arena arena;
    private final Results results;
    private final int idleSeconds;
    private final File errors;

    Footprints(Arena arena, Results results, int idleSeconds, File errors) {
        this.arena = arena;
        this.results = results;
        this.idleSeconds = idleSeconds;
        this.errors = errors;
    }

    void measure() throws IOException, InterruptedException {
        Path place = arena.newPlace();
        try (JavaSide server = side(true);
                JavaSide client = side(false)) {
            server.obey(COMMAND + "listen " + place);
            add("cold", client.obey(COMMAND + "first 1 " + place));
            client.obey(COMMAND + "first " + NEW_SESSIONS + " " + place);
            add("first", client.obey(COMMAND + "first " + NEW_SESSIONS + " " + place));
        }
        hold("sessions", SESSIONS);
        hold("streams", STREAMS);
    }

    private JavaSide side(boolean server) {
        return new JavaSide(arena, Transports.ADAPTIVE, server, errors);
    }

    private void hold(String what, int count) throws IOException, InterruptedException {
        Path place = arena.newPlace();
        try (JavaSide server = side(true);
                JavaSide client = side(false)) {
            server.obey(COMMAND + "listen " + place);
            client.obey(COMMAND + "first " + WARM_UP + " " + place);
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            Map<String, Double> values = new TreeMap<>();
            watch("without", server, client, values);
            Map<String, Double> serverBefore = server.obey(COMMAND + "memory");
            Map<String, Double> clientBefore = client.obey(COMMAND + "memory");
            client.obey(COMMAND + what + " " + count + " " + place);
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            Map<String, Double> serverAfter = server.obey(COMMAND + "memory");
            Map<String, Double> clientAfter = client.obey(COMMAND + "memory");
            for (String name : new String[] {"heap", "anonymous", "shared"}) {
                values.put(name + "-client", difference(clientBefore, clientAfter, name) / count);
                values.put(name + "-server", difference(serverBefore, serverAfter, name) / count);
            }
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            watch("core", server, client, values);
            add(what, values);
            client.obey(COMMAND + "close");
            server.obey(COMMAND + "close");
        }
    }

    /** Notes what share of one core each process uses while nothing happens. */
    private void watch(String name, JavaSide server, JavaSide client, Map<String, Double> values)
            throws IOException, InterruptedException {
        Map<String, Double> serverBefore = server.obey(COMMAND + "time");
        Map<String, Double> clientBefore = client.obey(COMMAND + "time");
        TimeUnit.SECONDS.sleep(idleSeconds);
        values.put(name + "-server", used(serverBefore, server.obey(COMMAND + "time")));
        values.put(name + "-client", used(clientBefore, client.obey(COMMAND + "time")));
    }

    private static double difference(Map<String, Double> before, Map<String, Double> after, String name) {
        return after.getOrDefault(name, 0.0) - before.getOrDefault(name, 0.0);
    }

    /** Returns the share of one core, in percent. */
    private static double used(Map<String, Double> before, Map<String, Double> after) {
        return 100 * difference(before, after, "cpu") / difference(before, after, "wall");
    }

    private void add(String what, Map<String, Double> values) throws IOException {
        results.add(new Sample(what, LABEL, 0, 0, values));
    }
}
