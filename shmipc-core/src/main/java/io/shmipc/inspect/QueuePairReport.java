package io.shmipc.inspect;

import java.util.List;

/**
 * The two queues of a session at one moment.
 *
 * @param name the path of their file, or the label of their memfd
 * @param bytes the size of the memory
 * @param queues client to server, server to client
 * @param problems what is wrong with them
 */
public record QueuePairReport(String name, long bytes, List<QueueReport> queues, List<Problem> problems) {

    public QueuePairReport {
        queues = List.copyOf(queues);
        problems = List.copyOf(problems);
    }
}
