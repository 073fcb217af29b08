package io.shmipc.session;

import io.shmipc.channel.Connection;
import io.shmipc.channel.EventLoop;
import io.shmipc.sys.EventFd;
import io.shmipc.sys.PollSet;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the holder of the consumer role sleeps on its session's socket, in place of the event loop.
 *
 * <p>While a thread sleeps here the event loop does not watch the socket: one wake-up, one thread woken. Another thread
 * of the process wakes the sleeper through an eventfd.
 *
 * <p><b>Threads:</b> {@link #await} and {@link #resume} by the holder of the role, {@link #wake} by any thread.
 */
final class SocketSleep {

    private static final Logger LOG = LoggerFactory.getLogger(SocketSleep.class);

    /** How long somebody waits for whom the system had no way to sleep, before the next attempt. */
    private static final long RETRY_NANOS = 1_000_000;

    private final Connection connection;
    private final EventLoop loop;
    private long key;
    private volatile boolean paused;
    private @Nullable EventFd alarm;
    private @Nullable PollSet pollSet;
    private volatile boolean asleep;

    SocketSleep(Connection connection, EventLoop loop) {
        this.connection = connection;
        this.loop = loop;
    }

    void register(EventLoop.Handler handler) throws IOException {
        key = loop.register(connection.socket(), handler);
    }

    /** Sleeps until the socket is ready, somebody wakes this thread, or time is up; returns whether the socket is. */
    boolean await(long timeoutNanos, BooleanSupplier enough) {
        try {
            EventFd eventFd = alarm;
            PollSet set = pollSet;
            if (eventFd == null || set == null) {
                eventFd = EventFd.create();
                set = new PollSet(connection.socket(), eventFd.descriptor());
                alarm = eventFd;
                pollSet = set;
            }
            if (!paused) {
                loop.pause(connection.socket(), key);
                paused = true;
            }
            asleep = true;
            VarHandle.fullFence();
            int ready = enough.getAsBoolean() ? 0 : set.await(timeoutNanos);
            asleep = false;
            if (ready > 0 && set.readable(1)) {
                eventFd.drain();
            }
            return ready > 0 && (set.readable(0) || set.hungUp(0));
        } catch (IOException e) {
            LOG.debug("sleeping on the socket failed", e);
            LockSupport.parkNanos(Math.min(timeoutNanos, RETRY_NANOS));
            return true;
        } finally {
            asleep = false;
        }
    }

    /** Wakes the sleeper, if there is one. */
    void wake() {
        VarHandle.fullFence();
        EventFd eventFd = alarm;
        if (asleep && eventFd != null) {
            eventFd.signal();
        }
    }

    /** Returns whether the event loop does not watch the socket. */
    boolean isPaused() {
        return paused;
    }

    /** Lets the event loop watch the socket again; returns false if it cannot, and somebody must look there. */
    boolean resume() {
        if (paused) {
            try {
                loop.resume(connection.socket(), key);
                paused = false;
            } catch (IOException e) {
                LOG.debug("the event loop cannot watch the socket", e);
                return false;
            }
        }
        return true;
    }

    /** Ends all use of the descriptors; by whoever retired the role. */
    void close() {
        loop.unregister(connection.socket(), key);
        EventFd eventFd = alarm;
        if (eventFd != null) {
            eventFd.close();
        }
    }
}
