package io.shmipc.socket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.shmipc.ListenCallback;
import io.shmipc.Stream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The streams that clients opened and nobody has accepted yet, and how many accepted ones are still open.
 *
 * <pre>
 * a client writes ──► waiting ── take ──► accepted ── release ──► gone
 *       │                └── close ──► closed                      └─ the last one after close ends the listener
 *       └── full, or closed ──► closed
 * </pre>
 *
 * <p><b>Threads:</b> any, by its lock.
 */
final class Backlog implements ListenCallback {

    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final ArrayDeque<Stream> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private int accepted;

    @GuardedBy("lock")
    private boolean closed;

    private volatile Runnable end = () -> {};

    Backlog(int capacity) {
        this.capacity = capacity;
    }

    /** Sets what ends the listener. */
    void endsWith(Runnable action) {
        end = action;
    }

    @Override
    public void onNewStream(Stream stream) {
        lock.lock();
        try {
            if (!closed && waiting.size() < capacity) {
                waiting.add(stream);
                changed.signal();
                return;
            }
        } finally {
            lock.unlock();
        }
        stream.close();
    }

    /**
     * Waits for a stream; whoever gets it releases it.
     *
     * @param timeoutMillis 0 for as long as it takes
     */
    Stream take(int timeoutMillis) throws SocketException, SocketTimeoutException {
        long giveUpNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        boolean interrupted = false;
        lock.lock();
        try {
            while (true) {
                if (closed) {
                    throw Failures.closed(null);
                }
                Stream stream = waiting.poll();
                if (stream != null) {
                    accepted++;
                    return stream;
                }
                if (timeoutMillis == 0) {
                    changed.awaitUninterruptibly();
                    continue;
                }
                long leftNanos = giveUpNanos - System.nanoTime();
                if (leftNanos <= 0) {
                    throw new SocketTimeoutException(
                            "Accept timed out: no client has written for " + timeoutMillis + " ms.");
                }
                try {
                    long unused = changed.awaitNanos(leftNanos);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Notes that an accepted stream is closed. */
    void release() {
        boolean last;
        lock.lock();
        try {
            accepted--;
            last = closed && accepted == 0;
        } finally {
            lock.unlock();
        }
        if (last) {
            end.run();
        }
    }

    /** Wakes whoever waits for a stream, closes those that nobody took, and ends the listener if no other is open. */
    void close() {
        List<Stream> untaken;
        boolean last;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            untaken = new ArrayList<>(waiting);
            waiting.clear();
            last = accepted == 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        untaken.forEach(Stream::close);
        if (last) {
            end.run();
        }
    }
}
