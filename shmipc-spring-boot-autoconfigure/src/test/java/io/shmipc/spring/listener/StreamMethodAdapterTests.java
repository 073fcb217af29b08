package io.shmipc.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.StreamClosedException;
import io.shmipc.spring.Stubs;
import io.shmipc.spring.annotation.InvalidDeclarationException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(10)
class StreamMethodAdapterTests {

    private final Logger logger = (Logger) LoggerFactory.getLogger(StreamMethodAdapter.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final LongAdder errors = new LongAdder();
    private final AtomicInteger closes = new AtomicInteger();
    private final BufferReader reader = Stubs.of(BufferReader.class, Map.of());
    private final BufferWriter writer = Stubs.of(BufferWriter.class, Map.of());
    private final Session session = Stubs.of(Session.class, Map.of("id", () -> "s1"));
    private final Stream stream = Stubs.of(
            Stream.class,
            Map.of(
                    "id", () -> 7L,
                    "session", () -> session,
                    "bufferWriter", () -> writer,
                    "close", closes::incrementAndGet));

    @BeforeEach
    void listenToTheLog() {
        logger.setAdditive(false);
        logger.addAppender(log);
        log.start();
    }

    @AfterEach
    void leaveTheLog() {
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    @Test
    void givesEachParameterWhatItsTypeAsksForInAnyOrder() {
        Handlers handlers = new Handlers();

        adapter(handlers, "everything").onData(reader);

        assertThat(handlers.seen).containsExactly(session, writer, stream, reader, stream);
        assertThat(closes).hasValue(0);
    }

    @Test
    void callsMethodsThatTakeNothing() {
        Handlers handlers = new Handlers();

        adapter(handlers, "nothing").onData(reader);

        assertThat(handlers.seen).containsExactly("called");
    }

    @Test
    void anExceptionIsLoggedAndCountedAndClosesTheStream() {
        adapter(new Handlers(), "failing").onData(reader);

        assertThat(errors.sum()).isEqualTo(1);
        assertThat(closes).hasValue(1);
        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getFormattedMessage()).contains("handlers.failing", "stream 7", "session s1");
            assertThat(event.getThrowableProxy().getMessage()).isEqualTo("a broken handler");
        });
    }

    @Test
    void anErrorDoesNotReachTheDispatcherEither() {
        adapter(new Handlers(), "broken").onData(reader);

        assertThat(errors.sum()).isEqualTo(1);
        assertThat(closes).hasValue(1);
    }

    @Test
    void aPeerThatLeavesInTheMiddleOfAMessageIsOneLineWithoutAStackTrace() {
        adapter(new Handlers(), "abandoned").onData(reader);

        assertThat(errors.sum()).isEqualTo(1);
        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getThrowableProxy()).isNull();
        });
    }

    @Test
    void aStreamThatThePeerClosedIsClosedHereAsWell() {
        adapter(new Handlers(), "nothing").onRemoteClose();

        assertThat(closes).hasValue(1);
    }

    @Test
    void aParameterThatCannotBeProvidedIsRefusedByName() {
        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(() -> adapter(new Handlers(), "unsupported"))
                .satisfies(refusal -> {
                    assertThat(refusal.problem())
                            .contains("Handlers.unsupported(Stream, String)", "bean 'handlers'", "String text");
                    assertThat(refusal.remedy()).contains("Stream, BufferReader, BufferWriter, Session");
                });
    }

    @Test
    void aResultThatNobodyWouldReceiveIsRefused() {
        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(() -> adapter(new Handlers(), "answering"))
                .withMessageContaining("Handlers.answering(Stream) of bean 'handlers' returns String");
    }

    private StreamMethodAdapter adapter(Handlers handlers, String name) {
        Method method = Arrays.stream(Handlers.class.getDeclaredMethods())
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow();
        ListenerEndpoint endpoint = new ListenerEndpoint(
                "handlers." + name, "server", "handlers", handlers, method, ListenerAttributes.DEFAULTS);
        return new StreamMethodAdapter(new StreamMethod(endpoint), stream, errors);
    }

    @SuppressWarnings({"unused", "DoNotCallSuggester"}) // called by reflection
    static final class Handlers {

        final List<Object> seen = new ArrayList<>();

        void everything(Session session, BufferWriter writer, Stream stream, BufferReader reader, Stream again) {
            seen.addAll(List.of(session, writer, stream, reader, again));
        }

        private void nothing() {
            seen.add("called");
        }

        void failing(Stream stream) {
            throw new IllegalStateException("a broken handler");
        }

        void broken() {
            throw new AssertionError("a very broken handler");
        }

        void abandoned() {
            throw new StreamClosedException(Reason.END_OF_STREAM, "The peer closed the stream.");
        }

        void unsupported(Stream stream, String text) {}

        String answering(Stream stream) {
            return "to nobody";
        }
    }
}
