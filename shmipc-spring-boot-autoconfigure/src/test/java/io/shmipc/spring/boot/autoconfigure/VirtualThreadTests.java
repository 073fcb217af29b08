package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.BufferReader;
import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.client.ShmipcTemplate;
import java.nio.file.Path;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** Which threads call the methods of listeners; the methods answer whether theirs is virtual. */
@Timeout(30)
class VirtualThreadTests {

    private static final String WANTED = "spring.threads.virtual.enabled=true";

    @TempDir
    Path directory;

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aStreamMethodRunsOnAVirtualThreadIfTheApplicationWantsThem() {
        MessageContexts.clientAndServer(directory)
                .withBean(StreamMethod.class)
                .withPropertyValues(WANTED)
                .run(context -> assertThat(answer(context.getBean(SessionManager.class)))
                        .isTrue());
    }

    @Test
    void aStreamMethodRunsOnAPlatformThreadByDefault() {
        MessageContexts.clientAndServer(directory)
                .withBean(StreamMethod.class)
                .run(context -> assertThat(answer(context.getBean(SessionManager.class)))
                        .isFalse());
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aMessageMethodRunsOnAVirtualThreadIfTheApplicationWantsThem() {
        MessageContexts.clientAndServer(directory)
                .withBean(MessageMethod.class)
                .withPropertyValues(WANTED)
                .run(context -> assertThat(answer(context.getBean(ShmipcTemplate.class)))
                        .isEqualTo("true"));
    }

    @Test
    void aMessageMethodRunsOnAPlatformThreadByDefault() {
        MessageContexts.clientAndServer(directory)
                .withBean(MessageMethod.class)
                .run(context -> assertThat(answer(context.getBean(ShmipcTemplate.class)))
                        .isEqualTo("false"));
    }

    private static boolean answer(SessionManager client) {
        Awaitility.await().until(() -> client.sessions().stream().anyMatch(Session::isHealthy));
        return client.execute(stream -> {
            stream.setDeadline(Instant.now().plusSeconds(10));
            stream.bufferWriter().writeLong(0);
            stream.flush();
            return stream.bufferReader().readLong() == 1;
        });
    }

    private static String answer(ShmipcTemplate client) {
        return String.valueOf(client.convertSendAndReceive("virtual", "?", String.class));
    }

    /** The thread is asked by name: {@code Thread.isVirtual} is younger than the oldest JDK that compiles this. */
    private static boolean isVirtual() throws ReflectiveOperationException {
        return JRE.currentVersionNumber() >= 21
                && Boolean.TRUE.equals(Thread.class.getMethod("isVirtual").invoke(Thread.currentThread()));
    }

    static class StreamMethod {

        @ShmipcListener
        void onData(BufferReader reader, Stream stream) throws ReflectiveOperationException {
            stream.bufferWriter().writeLong(reader.readLong() + (isVirtual() ? 1 : 0));
            stream.flush();
        }
    }

    static class MessageMethod {

        @ShmipcListener(route = "virtual")
        String virtual(String question) throws ReflectiveOperationException {
            return String.valueOf(isVirtual());
        }
    }
}
