package io.shmipc.benchmarks.harness;

import io.shmipc.benchmarks.job.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * One end of a pair, whatever program it is.
 *
 * <p><b>Threads:</b> one.
 */
interface Side extends AutoCloseable {

    /** Returns whether this program can do a job. */
    boolean supports(Job job);

    /** Begins a job; of a server, returns when it listens. */
    void begin(Job job, Path place) throws IOException, InterruptedException;

    /** Waits until all messages have passed, and returns what was measured. */
    Map<String, Double> result(Job job) throws IOException, InterruptedException;

    /** Ends the job, the client before the server. */
    void end() throws IOException, InterruptedException;

    /** Returns the number of the process that does the job, 0 if it is over when its result is known. */
    long pid();

    /** Ends the program by force, after something went wrong; the next job starts it again. */
    void kill();

    @Override
    void close();
}
