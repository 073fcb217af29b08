package io.shmipc.benchmarks.job;

import java.util.concurrent.TimeUnit;

/** What two processes do with each other during a job. */
public enum Pattern {
    /** Ping-pong with one message outstanding; 8 bytes of each are written and read, whatever its size. */
    TOUCH("touch"),
    /** Ping-pong with one message outstanding; every byte is written and every byte is read. */
    FILL("fill"),
    /** Ping-pong of touched messages, one begun each millisecond. */
    PACED("paced"),
    /** Ping-pong of touched messages, one begun every five milliseconds. */
    RARE("rare"),
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
        return this == TOUCH || this == FILL || isPaced();
    }

    /** Returns whether messages begin by the clock instead of one after the other. */
    public boolean isPaced() {
        return this == PACED || this == RARE;
    }

    /** Returns how much time passes from the begin of one paced message to that of the next. */
    public long paceNanos() {
        return TimeUnit.MILLISECONDS.toNanos(this == RARE ? 5 : 1);
    }

    /** Returns whether messages go one way. */
    public boolean isOneWay() {
        return this == ONE_WAY || this == BATCHED;
    }
}
