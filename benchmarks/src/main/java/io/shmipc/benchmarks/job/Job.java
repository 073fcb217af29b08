package io.shmipc.benchmarks.job;

/**
 * One measurement: what to do, with how large messages, how often.
 *
 * @param bytes size of a message, a multiple of 8
 * @param warmUp messages that are not measured
 * @param count messages that are measured
 */
public record Job(Pattern pattern, int bytes, int warmUp, int count) {

    /** Messages of a batch. */
    public static final int BATCH = 32;
    /** Streams that are open at once in the patterns with many. */
    public static final int STREAMS = 64;

    private static final int MOST_IN_FLIGHT = 1024;
    private static final int MOST_BYTES_IN_FLIGHT = 64 << 20;

    /** Reads a job from the words of a command, of which the first says what to do with it. */
    public static Job parse(String[] words) {
        return new Job(
                Pattern.of(words[1]),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]),
                Integer.parseInt(words[4]));
    }

    /** Returns the job as {@link #parse} reads it, behind the given first word. */
    public String command(String verb) {
        return String.join(
                " ", verb, pattern.label(), Integer.toString(bytes), Integer.toString(warmUp), Integer.toString(count));
    }

    /** Returns whether every byte is written and read. */
    public boolean isFilled() {
        return pattern == Pattern.FILL;
    }

    /** Returns all messages, measured or not. */
    public int total() {
        return warmUp + count;
    }

    /** Returns how many messages may be under way one way before the receiver has confirmed some. */
    public int window() {
        return Math.max(4, Math.min(MOST_IN_FLIGHT, MOST_BYTES_IN_FLIGHT / bytes));
    }

    /** Returns the same job with messages of another size. */
    public Job ofBytes(int newBytes) {
        return new Job(pattern, newBytes, warmUp, count);
    }

    /** Returns the same job with other numbers of messages. */
    public Job times(int newWarmUp, int newCount) {
        return new Job(pattern, bytes, newWarmUp, newCount);
    }
}
