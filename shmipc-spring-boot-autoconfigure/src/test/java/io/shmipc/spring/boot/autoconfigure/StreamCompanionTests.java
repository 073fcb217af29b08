package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.annotation.ShmipcStreamClosed;
import io.shmipc.spring.annotation.ShmipcStreamOpened;
import io.shmipc.spring.client.ShmipcTemplate;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ApplicationContext;

/** Methods that are told when streams open and close, beside stream methods and message methods. */
@Timeout(60)
class StreamCompanionTests {

    @TempDir
    Path directory;

    @Test
    void aStreamIsOpenedBeforeItsDataAndClosedAfterIt() {
        MessageContexts.clientAndServer(directory).withBean(Bytes.class).run(context -> {
            List<String> told = context.getBean(Bytes.class).told;
            Stream stream = stream(context);
            stream.bufferWriter().writeByte((byte) 7);
            stream.flush();

            assertThat(stream.bufferReader().readString(5)).isEqualTo("hello");
            assertThat(stream.bufferReader().readByte()).isEqualTo((byte) 7);
            stream.close();

            Awaitility.await().until(() -> told.size() == 3);
            assertThat(told).containsExactly("opened", "data", "closed");
        });
    }

    @Test
    void aSessionThatEndsClosesItsStreams() {
        MessageContexts.clientAndServer(directory)
                .withBean(Handlers.class)
                .withBean(Messages.class)
                .run(context -> {
                    Messages companions = context.getBean(Messages.class);
                    assertThat(context.getBean(ShmipcTemplate.class).convertSendAndReceive("up", "x", String.class))
                            .isEqualTo("X");
                    assertThat(companions.told).containsExactly("opened");

                    context.getBean(SessionManager.class).sessions().forEach(Session::close);

                    Awaitility.await().until(() -> companions.told.size() == 2);
                    assertThat(companions.told).containsExactly("opened", "closed");
                });
    }

    @Test
    void aStreamWhoseOpeningFailsIsClosedUnheardAndCounted() {
        MessageContexts.clientAndServer(directory).withBean(Unwelcoming.class).run(context -> {
            Stream stream = stream(context);
            stream.bufferWriter().writeByte((byte) 7);
            stream.flush();

            Awaitility.await().until(() -> errors(context) == 1);
            stream.close();
            assertThat(context.getBean(Unwelcoming.class).told).isEmpty();
        });
    }

    @Test
    void whatAStreamDoesNotHaveIsRefused() {
        MessageContexts.clientAndServer(directory)
                .withBean(Reading.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContainingAll("Reading.onClosed(BufferReader)", "any of Stream and Session"));
        MessageContexts.clientAndServer(directory)
                .withBean(Elsewhere.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContainingAll("Elsewhere.onOpened()", "'nowhere'", "[server]"));
    }

    private static Stream stream(ApplicationContext context) {
        SessionManager client = context.getBean(SessionManager.class);
        Awaitility.await().until(() -> client.sessions().stream().anyMatch(Session::isHealthy));
        Stream stream = client.getStream();
        stream.setDeadline(Instant.now().plusSeconds(20));
        return stream;
    }

    private static long errors(ApplicationContext context) {
        return context.getBean(ShmipcListenerRegistry.class).container("server").handlerErrors();
    }

    static final class Bytes {

        final List<String> told = new CopyOnWriteArrayList<>();

        @ShmipcStreamOpened
        void onOpened(BufferWriter writer, Session session) {
            writer.writeString("hello");
            told.add("opened");
        }

        @ShmipcListener
        void onData(BufferReader reader, Stream stream) {
            told.add("data");
            stream.bufferWriter().writeByte(reader.readByte());
            stream.flush();
        }

        @ShmipcStreamClosed
        void onClosed(Stream stream) {
            told.add("closed");
        }
    }

    static final class Handlers {

        @ShmipcListener(route = "up")
        String up(String text) {
            return text.toUpperCase(Locale.ROOT);
        }
    }

    static final class Messages {

        final List<String> told = new CopyOnWriteArrayList<>();

        @ShmipcStreamOpened(listener = "${no.such.name:server}")
        void onOpened() {
            told.add("opened");
        }

        @ShmipcStreamClosed
        void onClosed(Session session) {
            told.add("closed");
        }
    }

    static final class Unwelcoming {

        final List<String> told = new CopyOnWriteArrayList<>();

        @ShmipcStreamOpened
        void onOpened(Stream stream) {
            if (told.isEmpty()) {
                throw new IllegalStateException("No more guests.");
            }
        }

        @ShmipcListener
        void onData(BufferReader reader) {
            told.add("data");
        }

        @ShmipcStreamClosed
        void onClosed() {
            told.add("closed");
        }
    }

    static final class Reading {

        @ShmipcStreamClosed
        void onClosed(BufferReader reader) {}
    }

    static final class Elsewhere {

        @ShmipcStreamOpened(listener = "nowhere")
        void onOpened() {}
    }
}
