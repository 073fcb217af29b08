package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** The engine logs through SLF4J: where to, and from which level on, says whoever configures what is behind it. */
@Timeout(60)
class LoggingTests {

    private final Logger engine = (Logger) LoggerFactory.getLogger("io.shmipc");
    private final Level before = engine.getLevel();
    private final ListAppender<ILoggingEvent> output = new ListAppender<>();

    @BeforeEach
    void listen() {
        output.start();
        engine.addAppender(output);
        engine.setAdditive(false);
    }

    @AfterEach
    void restore() {
        engine.detachAppender(output);
        engine.setAdditive(true);
        engine.setLevel(before);
    }

    @ParameterizedTest
    @CsvSource({"DEBUG, true, true", "INFO, false, true", "WARN, false, false", "OFF, false, false"})
    void theLevelOfTheEngineDecidesWhatItSays(String level, boolean sessionsBegin, boolean memoryTaken) {
        engine.setLevel(Level.toLevel(level));
        List<String> said = saidByASession();
        assertThat(said.stream().anyMatch(message -> message.endsWith("has begun")))
                .isEqualTo(sessionsBegin);
        assertThat(said.stream().anyMatch(message -> message.contains("bytes of shared memory")))
                .isEqualTo(memoryTaken);
    }

    @Test
    void onePartOfTheEngineMaySayMoreThanTheOthers() {
        engine.setLevel(Level.OFF);
        Logger sessions = (Logger) LoggerFactory.getLogger("io.shmipc.session");
        sessions.setLevel(Level.DEBUG);
        try {
            assertThat(saidByASession())
                    .anyMatch(message -> message.endsWith("has begun"))
                    .noneMatch(message -> message.contains("bytes of shared memory"));
        } finally {
            sessions.setLevel(null);
        }
    }

    /** Returns what was logged by the time a session has begun. */
    private List<String> saidByASession() {
        try (Duo duo = Duo.of(Variant.USUAL).open()) {
            assertThat(duo.clientSession().isHealthy()).isTrue();
            return output.list.stream().map(ILoggingEvent::getMessage).toList();
        }
    }
}
