package io.shmipc.socket;

import io.shmipc.Session;
import io.shmipc.ShareMemoryMetrics;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Holds a socket back that sends without hearing from its peer, while the session's region is nearly full.
 *
 * <p>Streams have no flow control. What nobody reads fills the region, and then goes through the connection into the
 * peer's heap while the session gives out no streams; TCP would make the writer wait, and so does this. Conversations,
 * in which the peer answers now and then, are never held back: the last quarter of the region is theirs.
 *
 * <p><b>Threads:</b> one writes, one reads.
 */
final class Pacing {

    /** What a message takes at most: small ones take a large slice when no other is free. */
    private static final int MESSAGE_BYTES = 128 << 10;

    /** Which part of the room may be used up before the next look at the region: others use it, too. */
    private static final int SHARE_OF_ROOM = 8;

    /** How many messages an answer from the peer allows without a look. */
    private static final int MESSAGES_PER_ANSWER = 2;

    private static final long MAX_WAIT_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long MIN_PAUSE_NANOS = 20_000;
    private static final long MAX_PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final Session session;
    private final BooleanSupplier open;
    private volatile boolean heard;
    private long allowance = MESSAGES_PER_ANSWER;

    /**
     * @param open whether the socket is open; a closed one is not held back any longer
     */
    Pacing(Session session, BooleanSupplier open) {
        this.session = session;
        this.open = open;
    }

    /** Notes that the peer has sent something. */
    void heard() {
        if (!heard) {
            heard = true;
        }
    }

    /** Waits until there is room for a message, but no longer than 10 s. */
    void beforeSending() {
        if (heard) {
            heard = false;
            allowance = Math.max(allowance, MESSAGES_PER_ANSWER);
        }
        if (allowance <= 0) {
            long room = room();
            if (room <= 0) {
                room = awaitRoom();
            }
            allowance = Math.max(1, room / SHARE_OF_ROOM / MESSAGE_BYTES);
        }
        allowance--;
    }

    private long awaitRoom() {
        long giveUpNanos = System.nanoTime() + MAX_WAIT_NANOS;
        long pauseNanos = MIN_PAUSE_NANOS;
        boolean interrupted = false;
        long room = 0;
        while (room <= 0 && open.getAsBoolean() && System.nanoTime() - giveUpNanos < 0) {
            LockSupport.parkNanos(this, pauseNanos);
            interrupted |= Thread.interrupted();
            pauseNanos = Math.min(2 * pauseNanos, MAX_PAUSE_NANOS);
            room = room();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return room;
    }

    /** Returns how many bytes of the region are free beyond the last quarter. */
    private long room() {
        ShareMemoryMetrics memory = session.metrics().shareMemory();
        return memory.capacityOfShareMemoryInBytes() / 4 * 3 - memory.allInUsedShareMemoryInBytes();
    }
}
