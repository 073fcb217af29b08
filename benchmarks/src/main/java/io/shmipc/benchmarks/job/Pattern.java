package io.shmipc.benchmarks.job;

/** What two processes do with each other during a job. */
public enum Pattern {
    /** Ping-pong with one message outstanding; 8 bytes of each are written and read, whatever its size. */
    TOUCH("touch"),
    /** Ping-pong with one message outstanding; every byte is written and every byte is read. */
    FILL("fill"),
    /** Ping-pong of touched messages, one begun each millisecond. */
    PACED("paced"),
    /** Messages one way, each sent by itself. */
    ONE_WAY("one-way"),
    /** Messages one way, 32 sent together. */
    BATCHED("batched"),
    /** Ping-pong on 64 streams at once, served by callbacks on the thread that drains the queue. */
    STREAMS_CALLBACKS("streams-callbacks"),
    /** Ping-pong on 64 streams at once, one blocking thread per stream on either side. */
    STREAMS_THREADS("streams-threads");

    private final String label;

    Pattern(String label) {
        this.label = label;
    }

    /** Returns the name that commands and tables use. */
    public String label() {
        return label;
    }

    /** Returns the pattern of a name. */
    public static Pattern of(String label) {
        for (Pattern pattern : values()) {
            if (pattern.label.equals(label)) {
                return pattern;
            }
        }
        throw new IllegalArgumentException("no pattern is called " + label);
    }

    /** Returns whether each message is answered before the next one. */
    public boolean isPingPong() {
        return this == TOUCH || this == FILL || this == PACED;
    }

    /** Returns whether messages go one way. */
    public boolean isOneWay() {
        return this == ONE_WAY || this == BATCHED;
    }
}
