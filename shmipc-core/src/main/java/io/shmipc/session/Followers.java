package io.shmipc.session;

import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of a session that wait while another one drains the queue. They park; whoever has the consumer role
 * delivers to them, and wakes one of them to take over when it leaves.
 *
 * <p><b>Threads:</b> any.
 */
final class Followers {

    private final ConsumerRole role;
    private final ConcurrentLinkedQueue<ShmipcStream> streams = new ConcurrentLinkedQueue<>();

    Followers(ConsumerRole role) {
        this.role = role;
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    /** Parks until the stream has news, the role is free, or for a while; virtual threads never take the role. */
    void follow(ShmipcStream stream) {
        boolean canLead = !VirtualThreads.isCurrent();
        stream.parked(Thread.currentThread());
        if (canLead) {
            streams.add(stream);
        }
        try {
            VarHandle.fullFence();
            if (!stream.hasNews() && (role.isHeld() || !canLead)) {
                QueueConsumer.requireNotInterrupted();
                LockSupport.parkNanos(
                        this, Deadlines.sleepNanos(stream.deadlines().readNanos()));
            }
        } finally {
            if (canLead) {
                streams.remove(stream);
            }
            stream.parked(null);
        }
    }

    /** Wakes a thread that can take the role, after it was given back. */
    void wakeNext() {
        ShmipcStream next = streams.peek();
        if (next != null) {
            next.unpark();
        }
    }
}
