package io.shmipc.spring.boot.autoconfigure.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ListenCallback;
import io.shmipc.ShmipcAddress;
import io.shmipc.Stream;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.Contexts;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What people read about listeners that cannot start. */
@Timeout(30)
class ListenerFailureTests {

    @TempDir
    Path directory;

    private final Analyses analyses = new Analyses();

    /** Nobody, root included, may create anything in the second directory. */
    @ParameterizedTest
    @CsvSource({"/absent, Create the directory", "/sys/kernel, Give this user write permission on the directory"})
    void anAddressThatCannotBeListenedOnIsExplained(String place, String remedy) {
        FailureAnalysis analysis = analyses.ofStart(
                Contexts.everything().withBean(Handler.class), "shmipc.server.address=" + place + "/s.sock");

        assertThat(analysis.getDescription()).contains(place, remedy);
        assertThat(analysis.getAction()).contains("shmipc.server.address", "exists", "write");
    }

    @Test
    void anAddressInUseIsExplained() {
        ListenCallback callback = Stream::close;
        ListenerConfig config = ListenerConfig.builder(ShmipcAddress.unix(directory.resolve("s.sock")))
                .build();
        try (Listener other = new Listener(callback, config)) {
            other.start();

            FailureAnalysis analysis = analyses.ofStart(
                    Contexts.everything().withBean(Handler.class),
                    "shmipc.server.address=" + directory.resolve("s.sock"));

            assertThat(analysis.getDescription())
                    .contains(directory.resolve("s.sock").toString());
            assertThat(analysis.getAction())
                    .contains("shmipc.server.take-over=true", "shmipc.listeners.<name>.address");
        }
    }

    @Test
    void twoListenersOnOneAddressAreExplained() {
        FailureAnalysis analysis = analyses.ofStart(
                "shmipc.server.address=" + directory.resolve("s.sock"),
                "shmipc.listeners.admin.address=" + directory.resolve("s.sock"));

        assertThat(analysis.getDescription()).contains("'server'", "'admin'", "have one address");
        assertThat(analysis.getAction()).isEqualTo("Give each listener its own address.");
    }

    @Test
    void twoMethodsForOneListenerAreExplained() {
        FailureAnalysis analysis = analyses.ofStart(
                Contexts.everything().withBean("one", Handler.class).withBean("other", Handler.class),
                "shmipc.server.address=" + directory.resolve("s.sock"));

        assertThat(analysis.getDescription()).contains("'server'", "bean 'one'", "bean 'other'");
        assertThat(analysis.getAction()).contains("Keep one of them");
    }

    static class Handler {
        @ShmipcListener
        void onData(Stream stream) {}
    }
}
