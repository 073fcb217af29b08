package io.shmipc.benchmarks.transport;

import io.shmipc.benchmarks.job.Gauge;
import io.shmipc.benchmarks.job.Job;
import java.nio.file.Path;

/**
 * A way to reach another process; one process holds the server's side of it, another the client's.
 *
 * <p><b>Threads:</b> one job at a time.
 */
public interface Transport {

    /** The server's side of one job. */
    interface Service extends AutoCloseable {

        /** Receives, and answers as the pattern says, until the job's last message. */
        void run() throws Exception;

        /** Closes everything; the client has done so before. */
        @Override
        void close() throws Exception;
    }

    /** Returns whether the transport can do a job. */
    boolean supports(Job job);

    /**
     * Opens the server's side; when this returns a client may come.
     *
     * @param place a path for the transport's own use, which server and client have in common
     */
    Service listen(Job job, Path place, Gauge gauge) throws Exception;

    /** Does the client's side, from connecting to closing. */
    void drive(Job job, Path place, Gauge gauge) throws Exception;
}
