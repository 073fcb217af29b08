package io.shmipc.spring.boot.autoconfigure.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.HotRestartException;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.spring.boot.autoconfigure.Contexts;
import io.shmipc.spring.event.ShmipcEvent;
import io.shmipc.spring.event.ShmipcEvent.HotRestartBegun;
import io.shmipc.spring.event.ShmipcEvent.HotRestartDone;
import io.shmipc.spring.event.ShmipcEvent.ListenerDraining;
import io.shmipc.spring.event.ShmipcEvent.ListenerStarted;
import io.shmipc.spring.event.ShmipcEvent.ListenerStopped;
import io.shmipc.spring.event.ShmipcEvent.SessionClosed;
import io.shmipc.spring.event.ShmipcEvent.SessionOpened;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ListenerState;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;

@Timeout(60)
class ShmipcEventTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner() {
        return Contexts.clientAndServer(directory).withBean(Recorder.class);
    }

    @Test
    void listenersAndSessionsTellWhenTheyComeAndGo() {
        runner().run(context -> {
            Recorder recorder = context.getBean(Recorder.class);
            assertThat(recorder.of(ListenerStarted.class))
                    .containsExactly(new ListenerStarted("server", ShmipcAddress.unix(directory.resolve("s.sock"))));
            awaitSessions(recorder, SessionOpened.class, 2);
            assertThat(recorder.of(SessionOpened.class))
                    .extracting(SessionOpened::name)
                    .containsExactlyInAnyOrder("shmipc", "server");
            Session first = recorder.of(SessionOpened.class).stream()
                    .map(SessionOpened::session)
                    .filter(Session::isClient)
                    .findFirst()
                    .orElseThrow();

            context.getBean(ShmipcListenerRegistry.class).stop();

            assertThat(recorder.events).contains(new ListenerDraining("server"), new ListenerStopped("server"));
            awaitSessions(recorder, SessionClosed.class, 2);
            assertThat(recorder.of(SessionClosed.class))
                    .allSatisfy(closed -> assertThat(closed.reason()).isNotBlank())
                    .extracting(SessionClosed::session)
                    .contains(first);

            context.getBean(ShmipcListenerRegistry.class).start();

            awaitSessions(recorder, SessionOpened.class, 4);
            assertThat(recorder.of(ListenerStarted.class)).hasSize(2);
        });
    }

    @Test
    void hotRestartsTellWhenTheyBeginAndEnd() {
        runner().withPropertyValues("shmipc.server.take-over=true").run(context -> {
            Recorder recorder = context.getBean(Recorder.class);
            awaitSessions(recorder, SessionOpened.class, 2);
            Contexts.clientAndServer(directory)
                    .withPropertyValues("shmipc.server.take-over=true", "shmipc.client.enabled=false")
                    .run(successor -> {
                        restart(context);

                        assertThat(recorder.events).contains(new HotRestartBegun("server"));
                        Awaitility.await()
                                .untilAsserted(
                                        () -> assertThat(recorder.events).contains(new HotRestartDone("server", null)));
                    });
        });
    }

    @Test
    void aHotRestartThatTheListenersEndCutsShortHasFailedAndLeavesTheListenerStopped() {
        Path socket = directory.resolve("s.sock");
        runner().withPropertyValues("shmipc.server.grace-period=10ms").run(context -> {
            Recorder recorder = context.getBean(Recorder.class);
            awaitSessions(recorder, SessionOpened.class, 2);
            ListenerContainer server = server(context);
            CompletableFuture<Void> restart;
            try (ServerSocketChannel successor = Contexts.deafSuccessor(socket)) {
                assertThat(successor.isOpen()).isTrue();
                restart = server.hotRestart().toCompletableFuture();
                server.stop();
            }

            assertThat(restart)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(HotRestartException.class)
                    .withMessageContaining("the listener was closed before 1 sessions had acknowledged");
            assertThat(server.state()).isEqualTo(ListenerState.STOPPED);
            assertThat(recorder.of(HotRestartDone.class))
                    .singleElement()
                    .extracting(HotRestartDone::failure)
                    .isInstanceOf(HotRestartException.class);

            Files.delete(socket);
            server.start();
            assertThat(server.state()).isEqualTo(ListenerState.RUNNING);
        });
    }

    @Test
    void whatAListenerOfEventsThrowsReachesNobody() {
        runner().withBean(Thrower.class).run(context -> {
            assertThat(context).hasNotFailed();
            awaitSessions(context.getBean(Recorder.class), SessionOpened.class, 2);
        });
    }

    private static void restart(ApplicationContext context) throws Exception {
        server(context).hotRestart().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static ListenerContainer server(ApplicationContext context) {
        return Objects.requireNonNull(
                context.getBean(ShmipcListenerRegistry.class).container("server"));
    }

    private static void awaitSessions(Recorder recorder, Class<? extends ShmipcEvent> type, int count) {
        Awaitility.await().untilAsserted(() -> assertThat(recorder.of(type)).hasSize(count));
    }

    static final class Recorder {

        private final List<ShmipcEvent> events = new CopyOnWriteArrayList<>();

        @EventListener
        void onEvent(ShmipcEvent event) {
            events.add(event);
        }

        private <T extends ShmipcEvent> List<T> of(Class<T> type) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    static final class Thrower {

        @EventListener
        void onEvent(ShmipcEvent event) {
            if (!event.name().isEmpty()) {
                throw new IllegalArgumentException("asked to fail");
            }
        }
    }
}
