package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shmipc.Session;
import io.shmipc.ShmipcException;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.boot.autoconfigure.server.ListenerConfigCustomizer;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ListenerState;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Calls that are under way when the application stops are answered, as long as the grace period lasts. */
@Timeout(60)
class GracefulStopTests {

    @TempDir
    Path directory;

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    private ApplicationContextRunner runner() {
        return Contexts.clientAndSlowServer(directory, new Contexts.Slow(entered, mayAnswer));
    }

    @Test
    void aCallUnderWayIsAnsweredBeforeTheListenerCloses() {
        runner().run(context -> {
            CompletableFuture<Long> answer = beginCall(context);
            ShmipcListenerRegistry registry = context.getBean(ShmipcListenerRegistry.class);
            CountDownLatch stopped = new CountDownLatch(1);

            registry.stop(stopped::countDown);

            ListenerContainer server = Objects.requireNonNull(registry.container("server"));
            Awaitility.await().until(() -> server.state() == ListenerState.DRAINING);
            assertThat(server.activeCalls().count()).isEqualTo(1);
            assertThat(stopped.getCount()).isEqualTo(1);
            mayAnswer.countDown();
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(42);
            assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(server.state()).isEqualTo(ListenerState.STOPPED);
            assertThat(server.sessions()).isEmpty();
        });
    }

    @Test
    void aCallThatWaitsForAThreadIsAnsweredBeforeTheListenerCloses() {
        mayAnswer.countDown();
        AtomicReference<@Nullable BlockingQueue<Runnable>> held = new AtomicReference<>();
        ListenerConfigCustomizer holding = (listener, session) -> session.callbackExecutor(task -> {
            BlockingQueue<Runnable> tasks = held.get();
            if (tasks == null) {
                new Thread(task).start();
            } else {
                tasks.add(task);
            }
        });
        runner().withBean(ListenerConfigCustomizer.class, () -> holding).run(context -> {
            assertThat(beginCall(context).get(10, TimeUnit.SECONDS)).isEqualTo(42);
            ShmipcListenerRegistry registry = context.getBean(ShmipcListenerRegistry.class);
            CountDownLatch stopped = new CountDownLatch(1);
            BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
            ListenerContainer server = Objects.requireNonNull(registry.container("server"));
            Awaitility.await()
                    .until(() -> server.sessions().stream().allMatch(session -> session.activeCallbackCount() == 0));
            held.set(tasks);
            CompletableFuture<Long> answer = beginCall(context);
            Runnable task = Objects.requireNonNull(tasks.poll(10, TimeUnit.SECONDS));

            registry.stop(stopped::countDown);

            Awaitility.await().until(() -> server.state() == ListenerState.DRAINING);
            Awaitility.await().during(Duration.ofMillis(200)).until(() -> stopped.getCount() == 1);
            held.set(null);
            task.run();
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(42);
            assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
        });
    }

    @Test
    void aCallThatOutlastsTheGracePeriodIsGivenUp() {
        runner().withPropertyValues("shmipc.server.grace-period=50ms").run(context -> {
            CompletableFuture<Long> answer = beginCall(context);

            context.getBean(ShmipcListenerRegistry.class).stop();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                    .withCauseInstanceOf(ShmipcException.class);
            mayAnswer.countDown();
        });
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aGracePeriodThatIsCutIsWarnedOfIfSomebodyAskedForIt(CapturedOutput output) {
        ApplicationContextRunner brief = runner().withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=10s");
        brief.run(context -> assertThat(output).doesNotContain("grace period"));

        brief.withPropertyValues("shmipc.server.grace-period=25s")
                .run(context -> assertThat(output)
                        .containsOnlyOnce("Listener 'server' has a grace period of PT10S instead of PT25S"));
    }

    @Test
    void theGracePeriodIsNotLongerThanThePhaseOfTheShutdown() {
        runner().withPropertyValues(
                        "shmipc.server.grace-period=1h", "spring.lifecycle.timeout-per-shutdown-phase=100ms")
                .run(context -> {
                    CompletableFuture<Long> answer = beginCall(context);

                    context.getBean(ShmipcListenerRegistry.class).stop();

                    assertThat(answer).failsWithin(Duration.ofSeconds(5));
                    mayAnswer.countDown();
                });
    }

    @Test
    void anIdleApplicationStopsAtOnceAndCanBeStartedAgain() {
        mayAnswer.countDown();
        runner().withPropertyValues("shmipc.server.grace-period=29s").run(context -> {
            assertThat(beginCall(context).get(10, TimeUnit.SECONDS)).isEqualTo(42);
            ConfigurableApplicationContext restartable =
                    context.getSourceApplicationContext(ConfigurableApplicationContext.class);

            long before = System.nanoTime();
            restartable.stop();
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before))
                    .isLessThan(5);

            restartable.start();
            Awaitility.await()
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(beginCall(context).get(10, TimeUnit.SECONDS))
                            .isEqualTo(42));
        });
    }

    private CompletableFuture<Long> beginCall(ApplicationContext context) throws InterruptedException {
        SessionManager client = context.getBean(SessionManager.class);
        Awaitility.await().until(() -> client.sessions().stream().anyMatch(Session::isHealthy));
        CompletableFuture<Long> answer = CompletableFuture.supplyAsync(() -> client.execute(stream -> {
            stream.setDeadline(Instant.now().plusSeconds(20));
            stream.bufferWriter().writeLong(41);
            stream.flush();
            return stream.bufferReader().readLong();
        }));
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        return answer;
    }
}
