package io.shmipc.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets, tasks, timers and looks on the one thread, whatever some of them throw. */
@Timeout(20)
class EventLoopTests {

    private final EventLoop loop = EventLoop.acquire();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void release() {
        EventLoop.release();
    }

    @Test
    void tasksRunOnTheLoopInTheirOrder() throws Exception {
        for (int i = 0; i < 100; i++) {
            String name = Integer.toString(i);
            loop.execute(() -> seen.add(name + loop.isCurrentThread()));
        }
        onLoop(() -> {});
        assertThat(seen).hasSize(100).startsWith("0true", "1true").endsWith("98true", "99true");
        assertThat(loop.isCurrentThread()).isFalse();
    }

    @Test
    void tasksOfManyThreadsAllRun() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        CompletableFuture<?>[] threads = new CompletableFuture<?>[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = CompletableFuture.runAsync(() -> {
                for (int n = 0; n < 5_000; n++) {
                    loop.execute(ran::incrementAndGet);
                }
            });
        }
        CompletableFuture.allOf(threads).get();
        onLoop(() -> {});
        assertThat(ran).hasValue(20_000);
    }

    @Test
    void timersRunInTheOrderInWhichTheyAreDue() throws Exception {
        CountDownLatch done = new CountDownLatch(4);
        long start = System.nanoTime();
        onLoop(() -> {
            for (int millis : new int[] {30, 10, 20, 0}) {
                loop.schedule(TimeUnit.MILLISECONDS.toNanos(millis), () -> {
                    seen.add(Integer.toString(millis));
                    done.countDown();
                });
            }
        });
        done.await();
        assertThat(seen).containsExactly("0", "10", "20", "30");
        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
    }

    @Test
    void aTimerSetByAnotherThreadIsNotEarly() throws Exception {
        CompletableFuture<Long> due = new CompletableFuture<>();
        long start = System.nanoTime();
        loop.schedule(TimeUnit.MILLISECONDS.toNanos(5), () -> due.complete(System.nanoTime()));
        assertThat(due.get() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
    }

    @Test
    void aHandlerIsCalledWhenItsSocketIsReadyAndWhenItEnds() throws Exception {
        try (Wire wire = Wire.open()) {
            BlockingQueue<String> calls = new LinkedBlockingQueue<>();
            long key = loop.register(wire.near().socket(), () -> calls.add("ready"));
            assertThat(calls).isEmpty();
            wire.send(new byte[1]);
            assertThat(calls.take()).isEqualTo("ready");
            onLoop(() -> {});
            assertThat(calls).as("one edge, one call").isEmpty();

            wire.far().close();
            assertThat(calls.take()).isEqualTo("ready");
            loop.unregister(wire.near().socket(), key);
        }
    }

    @Test
    void aPausedSocketIsNotWatchedAndWhatCameMeanwhileCountsAsNew() throws Exception {
        try (Wire paused = Wire.open();
                Wire watched = Wire.open()) {
            BlockingQueue<String> calls = new LinkedBlockingQueue<>();
            long key = loop.register(paused.near().socket(), () -> calls.add("paused"));
            long other = loop.register(watched.near().socket(), () -> calls.add("watched"));
            loop.pause(paused.near().socket(), key);
            paused.send(new byte[1]);
            watched.send(new byte[1]);
            assertThat(calls.take()).isEqualTo("watched");
            onLoop(() -> {});
            assertThat(calls).isEmpty();

            loop.resume(paused.near().socket(), key);
            assertThat(calls.take()).isEqualTo("paused");
            loop.unregister(paused.near().socket(), key);
            loop.unregister(watched.near().socket(), other);
        }
    }

    @Test
    void anUnregisteredSocketIsSilent() throws Exception {
        try (Wire silent = Wire.open();
                Wire watched = Wire.open()) {
            BlockingQueue<String> calls = new LinkedBlockingQueue<>();
            long key = loop.register(silent.near().socket(), () -> calls.add("silent"));
            loop.unregister(silent.near().socket(), key);
            loop.unregister(silent.near().socket(), key);
            long other = loop.register(watched.near().socket(), () -> calls.add("watched"));
            silent.send(new byte[1]);
            watched.send(new byte[1]);
            assertThat(calls.take()).isEqualTo("watched");
            loop.unregister(watched.near().socket(), other);
        }
    }

    @Test
    void aSocketThatCannotBeWatchedLeavesNoHandler() throws Exception {
        try (Wire wire = Wire.open()) {
            long key = loop.register(wire.near().socket(), () -> {});
            assertThatThrownBy(() -> loop.register(wire.near().socket(), () -> {}))
                    .isInstanceOf(IOException.class);
            loop.unregister(wire.near().socket(), key);
        }
    }

    @Test
    void aLookerLooksUntilItReturnsFalse() throws Exception {
        CompletableFuture<Integer> looks = new CompletableFuture<>();
        AtomicInteger count = new AtomicInteger();
        EventLoop.Looker looker = () -> {
            if (count.incrementAndGet() == 1000) {
                looks.complete(1000);
                return false;
            }
            return true;
        };
        onLoop(() -> {
            loop.lookAt(looker);
            loop.lookAt(looker);
        });
        assertThat(looks.get()).isEqualTo(1000);
        onLoop(() -> {});
        assertThat(count).hasValue(1000);
    }

    @Test
    void socketsTasksAndTimersGoOnWhileSomethingLooks() throws Exception {
        try (Wire wire = Wire.open()) {
            CompletableFuture<Void> socket = new CompletableFuture<>();
            CompletableFuture<Void> timer = new CompletableFuture<>();
            long key = loop.register(wire.near().socket(), () -> socket.complete(null));
            onLoop(() -> loop.lookAt(() -> !socket.isDone() || !timer.isDone()));
            wire.send(new byte[1]);
            loop.schedule(1_000_000, () -> timer.complete(null));
            socket.get();
            timer.get();
            loop.unregister(wire.near().socket(), key);
        }
    }

    @Test
    void aTimerThatBeginsAnewAtOnceLeavesTurnsForOthers() throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        Runnable[] again = new Runnable[1];
        again[0] = () -> {
            if (!stopped.get()) {
                loop.schedule(0, again[0]);
            }
        };
        loop.schedule(0, again[0]);
        try {
            onLoop(() -> seen.add("task"));
            assertThat(seen).containsExactly("task");
        } finally {
            stopped.set(true);
        }
    }

    @Test
    void looksThatTakeLongKeepTimersWaitingForOneOnly() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        AtomicInteger looksBefore = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        onLoop(() -> {
            loop.schedule(TimeUnit.MILLISECONDS.toNanos(1), () -> {
                looksBefore.set(looks.get());
                done.countDown();
            });
            loop.lookAt(() -> {
                long begunNanos = System.nanoTime();
                while (System.nanoTime() - begunNanos < TimeUnit.MILLISECONDS.toNanos(5)) {
                    Thread.onSpinWait();
                }
                return looks.incrementAndGet() < 64 && done.getCount() > 0;
            });
        });
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(looksBefore).hasValueLessThan(5);
    }

    @Test
    void aLookerMayBringAnother() throws Exception {
        CompletableFuture<Void> second = new CompletableFuture<>();
        onLoop(() -> loop.lookAt(() -> {
            loop.lookAt(() -> {
                second.complete(null);
                return false;
            });
            return false;
        }));
        second.get();
        onLoop(() -> {});
    }

    @Test
    void nothingThatIsThrownStopsTheLoop() throws Exception {
        try (Wire wire = Wire.open()) {
            CountDownLatch calls = new CountDownLatch(6);
            long key = loop.register(wire.near().socket(), () -> failWith(calls, new IllegalStateException("handler")));
            wire.send(new byte[1]);
            loop.execute(() -> failWith(calls, new IllegalStateException("task")));
            loop.execute(() -> failWith(calls, new AssertionError("task")));
            loop.schedule(0, () -> failWith(calls, new NoClassDefFoundError("timer")));
            onLoop(() -> {
                loop.lookAt(() -> {
                    failWith(calls, new IllegalStateException("looker"));
                    return true;
                });
                loop.lookAt(() -> {
                    failWith(calls, new StackOverflowError("looker"));
                    return true;
                });
            });
            calls.await();
            onLoop(() -> seen.add("alive"));
            assertThat(seen).containsExactly("alive");
            loop.unregister(wire.near().socket(), key);
        }
    }

    private static void failWith(CountDownLatch calls, Throwable problem) {
        calls.countDown();
        if (problem instanceof Error e) {
            throw e;
        }
        throw (RuntimeException) problem;
    }

    @Test
    void oneLoopServesEveryLeaseAndEndsWithTheLast() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        loop.execute(() -> thread.complete(Thread.currentThread()));
        assertThat(thread.get().isDaemon()).isTrue();
        assertThat(EventLoop.acquire()).isSameAs(loop);
        EventLoop.release();
        onLoop(() -> seen.add("alive"));
        assertThat(seen).containsExactly("alive");

        EventLoop.release();
        thread.get().join();
        EventLoop next = EventLoop.acquire();
        assertThat(next).isNotSameAs(loop);
        CompletableFuture<Thread> another = new CompletableFuture<>();
        next.execute(() -> another.complete(Thread.currentThread()));
        assertThat(another.get()).isNotSameAs(thread.get());
    }

    /** Runs a task on the loop and waits for it: everything that was asked of the loop before has happened. */
    private void onLoop(Runnable task) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            task.run();
            done.complete(null);
        });
        done.get();
    }
}
