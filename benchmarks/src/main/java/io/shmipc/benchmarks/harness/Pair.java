package io.shmipc.benchmarks.harness;

import io.shmipc.benchmarks.job.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Two processes that talk to each other.
 *
 * @param name what tables call it
 */
record Pair(String name, Side server, Side client, Arena arena) implements AutoCloseable {

    /** Something to do while both processes are there and before the first message. */
    interface Interlude {
        void run(long serverPid, long clientPid) throws IOException, InterruptedException;
    }

    boolean supports(Job job) {
        return server.supports(job) && client.supports(job);
    }

    /** Does one job; use of the machine is that of both processes together. */
    Map<String, Double> run(Job job) throws IOException, InterruptedException {
        return run(job, (serverPid, clientPid) -> {});
    }

    /** Does one job, and something else before it; what fails ends both processes, to be started anew. */
    Map<String, Double> run(Job job, Interlude before) throws IOException, InterruptedException {
        Path place = arena.newPlace();
        boolean done = false;
        try {
            server.begin(job, place);
            before.run(server.pid(), client.pid());
            client.begin(job, place);
            Map<String, Double> values = new TreeMap<>(client.result(job));
            client.end();
            Map<String, Double> ofServer = server.result(job);
            server.end();
            for (String name : new String[] {"cpu", "switches", "allocated"}) {
                sum(values, ofServer, name);
            }
            done = true;
            return values;
        } finally {
            if (!done) {
                client.kill();
                server.kill();
            }
        }
    }

    private static void sum(Map<String, Double> values, Map<String, Double> others, String name) {
        Double one = values.remove(name);
        Double other = others.get(name);
        if (one != null && other != null) {
            values.put(name, one + other);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
