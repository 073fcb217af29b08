package io.shmipc;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.shm.CorruptMemoryException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a caller can tell from an error. */
class ErrorsTests {

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
}
