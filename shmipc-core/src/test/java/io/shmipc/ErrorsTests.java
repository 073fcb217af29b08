package io.shmipc;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.shm.CorruptMemoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a caller can tell from an error. */
class ErrorsTests {

    private static final Path SOURCES = Path.of("src", "main", "java", "io", "shmipc");

    static Stream<ShmipcException> errorsWithACause() {
        Throwable cause = new IllegalStateException("cause");
        return Stream.of(
                new ShmipcException(Reason.TIMEOUT, "text", cause),
                new AddressException(Reason.TIMEOUT, "text", cause),
                new BackPressureException(Reason.TIMEOUT, "text", cause),
                new ConnectException(Reason.TIMEOUT, "text", cause),
                new HotRestartException(Reason.TIMEOUT, "text", cause),
                new ProtocolException(Reason.TIMEOUT, "text", cause),
                new SessionClosedException(Reason.TIMEOUT, "text", cause),
                new SharedMemoryException(Reason.TIMEOUT, "text", cause),
                new ShmipcTimeoutException(Reason.TIMEOUT, "text", cause),
                new StreamClosedException(Reason.TIMEOUT, "text", cause));
    }

    @ParameterizedTest
    @MethodSource("errorsWithACause")
    void reasonMessageAndCauseAreKept(ShmipcException error) {
        assertThat(error.reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(error).hasMessage("text").hasRootCauseMessage("cause");
    }

    @Test
    void aCauseIsOptional() {
        List<ShmipcException> errors = List.of(
                new ShmipcException(Reason.TIMEOUT, "text"),
                new AddressException(Reason.TIMEOUT, "text"),
                new BackPressureException(Reason.TIMEOUT, "text"),
                new ConnectException(Reason.TIMEOUT, "text"),
                new HotRestartException(Reason.TIMEOUT, "text"),
                new ProtocolException(Reason.TIMEOUT, "text"),
                new SessionClosedException(Reason.TIMEOUT, "text"),
                new SharedMemoryException(Reason.TIMEOUT, "text"),
                new ShmipcTimeoutException(Reason.TIMEOUT, "text"),
                new StreamClosedException(Reason.TIMEOUT, "text"));
        assertThat(errors).allSatisfy(error -> assertThat(error).hasNoCause().hasMessage("text"));
    }

    @Test
    void errorsWithOneReasonKnowIt() {
        assertThat(new UnsupportedPlatformException("text", null).reason()).isEqualTo(Reason.OS_NOT_SUPPORTED);
        assertThat(new CorruptMemoryException("a word is wrong"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("Corrupt shared memory: a word is wrong.")
                .extracting(ShmipcException::reason)
                .isEqualTo(Reason.PROTOCOL_VIOLATION);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void aReasonIsGivenSomewhereOrSaysWhatComesInstead(Reason reason) throws IOException {
        boolean neverThrown = Pattern.compile("Never thrown: [^/]*/\\s+" + reason + "\\b")
                .matcher(Files.readString(SOURCES.resolve("Reason.java")))
                .find();
        assertThat(isGivenInMain(reason)).isNotEqualTo(neverThrown);
        assertThat(neverThrown).isEqualTo(reason == Reason.NOT_ENOUGH_DATA || reason == Reason.NO_MORE_BUFFER);
    }

    /** Returns whether code hands the reason to an exception, as their first argument; comments and comparisons do not. */
    private static boolean isGivenInMain(Reason reason) throws IOException {
        Pattern argument = Pattern.compile("\\(\\s*Reason\\." + reason + ",");
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                if (argument.matcher(Files.readString(file)).find()) {
                    return true;
                }
            }
        }
        return false;
    }
}
