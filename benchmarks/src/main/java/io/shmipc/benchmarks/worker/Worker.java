package io.shmipc.benchmarks.worker;

import io.shmipc.benchmarks.job.Gauge;
import io.shmipc.benchmarks.job.Job;
import io.shmipc.benchmarks.transport.Transport;
import io.shmipc.benchmarks.transport.Transports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One side of a pair.
 *
 * <pre>
 * stdin     serve JOB PATH ─► "ready" … "result …"; then end ─► "ended"     the server's side
 *           drive JOB PATH ─► "result …"                                   the client's side
 *           footprint WHAT … ─► "result …"                                 see Footprint
 * </pre>
 *
 * What goes wrong is answered with "failed" and the reason. The end of stdin ends the process.
 */
public final class Worker {

    private final Transport transport;
    private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();
    private final Footprint footprint = new Footprint();

    private Worker(Transport transport) {
        this.transport = transport;
    }

    /** Runs a worker for the transport that the only argument names. */
    public static void main(String[] arguments) throws InterruptedException {
        Worker worker = new Worker(Transports.of(arguments[0]).transport());
        Thread reader = new Thread(worker::readCommands, "commands");
        reader.setDaemon(true);
        reader.start();
        worker.work();
    }

    private void readCommands() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                commands.add(line);
                line = lines.readLine();
            }
        } catch (IOException e) {
            say("failed " + e);
        }
        System.exit(0);
    }

    private void work() throws InterruptedException {
        while (true) {
            String[] words = commands.take().split(" ", -1);
            try {
                obey(words);
            } catch (Exception | Error e) {
                e.printStackTrace();
                say("failed " + e);
            }
        }
    }

    private void obey(String[] words) throws Exception {
        switch (words[0]) {
            case "serve" -> serve(Job.parse(words), Path.of(words[5]));
            case "drive" -> {
                Job job = Job.parse(words);
                Gauge gauge = new Gauge();
                transport.drive(job, Path.of(words[5]), gauge);
                say("result " + gauge.summary(job.count()));
            }
            case "footprint" -> say("result " + footprint.obey(words));
            default -> throw new IllegalArgumentException("no command is called " + words[0]);
        }
    }

    private void serve(Job job, Path place) throws Exception {
        Gauge gauge = new Gauge();
        try (Transport.Service service = transport.listen(job, place, gauge)) {
            say("ready");
            service.run();
            say("result " + gauge.summary(job.count()));
            commands.take();
        }
        say("ended");
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
