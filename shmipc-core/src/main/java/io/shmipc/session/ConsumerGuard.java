package io.shmipc.session;

import io.shmipc.channel.EventLoop;
import java.time.Duration;

/**
 * Pays what a reader owes that left the consumer role with the working flag at 1: another look at the queue.
 *
 * <pre>
 * reader leaves ── arm ──► tick ── looks, somebody came back ──► tick …
 *                           │ nobody came back for a whole tick
 *                           └──► the flag goes down, the socket is watched, no tick
 * </pre>
 *
 * <p>While readers come and go the tick goes on, armed or not: it makes no garbage, and to begin anew would.
 *
 * <p><b>Threads:</b> the holder of the role arms and disarms, ticks run on the event loop.
 */
final class ConsumerGuard {

    /** How long an element can stay unseen when a reader left with the flag at 1 and did not come back. */
    static final long TICK_NANOS = Duration.ofMillis(1).toNanos();

    private final ShmipcSession session;
    private final ConsumerRole role;
    private final Followers followers;
    private final Delivery delivery;
    private final QueueConsumer consumer;
    private final EventLoop loop;
    private final EventLoop.Timer timer;
    private final Runnable begin = this::begin;
    private volatile boolean armed;
    private volatile boolean ticking;
    private int entriesAtLastTick;

    ConsumerGuard(
            ShmipcSession session,
            ConsumerRole role,
            Followers followers,
            Delivery delivery,
            QueueConsumer consumer,
            EventLoop loop) {
        this.session = session;
        this.role = role;
        this.followers = followers;
        this.delivery = delivery;
        this.consumer = consumer;
        this.loop = loop;
        this.timer = loop.timer(this::tick);
    }

    void arm() {
        if (!armed) {
            armed = true;
            if (!ticking) {
                loop.execute(begin);
            }
        }
    }

    void disarm() {
        armed = false;
    }

    private void begin() {
        if (!ticking) {
            entriesAtLastTick = role.entries() - 1;
            goOn();
        }
    }

    private void goOn() {
        ticking = true;
        timer.start(TICK_NANOS);
    }

    private void tick() {
        // In this order: whoever has just armed the guard, and saw it ticking, is seen here.
        ticking = false;
        if (session.isClosed()) {
            return;
        }
        if (armed) {
            try {
                watch();
            } catch (Throwable e) {
                consumer.surrender(e);
            }
        } else if (role.entries() != entriesAtLastTick) {
            entriesAtLastTick = role.entries();
            goOn();
        }
    }

    private void watch() {
        delivery.noteUnwatchedSocket();
        if (role.tryEnter()) {
            boolean idle = role.entries() == entriesAtLastTick + 1;
            boolean found = delivery.fromBoth();
            entriesAtLastTick = role.entries();
            // A callback that waited inside this drain slept on the socket, and disarmed the guard with it.
            if (!armed || (idle && !found) || !followers.isEmpty()) {
                armed = false;
                consumer.leaveAsleep();
                return;
            }
            role.free();
        }
        goOn();
    }
}
