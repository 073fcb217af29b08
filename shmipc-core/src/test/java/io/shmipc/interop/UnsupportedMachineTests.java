package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ListenCallback;
import io.shmipc.Reason;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that believes to run on another system is told so by whatever it begins with. */
@Timeout(60)
class UnsupportedMachineTests {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @Test
    void neitherAListenerNorASessionManagerStartsThere() throws Exception {
        try (ChildProcess elsewhere =
                JavaPeer.start(Elsewhere.class, directory.resolve("s.sock").toString())) {
            String refusal = Reason.OS_NOT_SUPPORTED
                    + " shmipc runs on Linux on x86-64 and aarch64 only; this is Plan 9 on "
                    + System.getProperty("os.arch")
                    + ".";
            assertThat(elsewhere.await("LISTENER", PATIENCE)).isEqualTo(refusal);
            assertThat(elsewhere.await("MANAGER", PATIENCE)).isEqualTo(refusal);
            assertThat(elsewhere.awaitExit(PATIENCE)).isZero();
        }
        try (var left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    /** Tries both. */
    static final class Elsewhere {

        private Elsewhere() {}

        public static void main(String[] arguments) {
            System.setProperty("os.name", "Plan 9");
            ShmipcAddress address = ShmipcAddress.unix(Path.of(arguments[0]));
            tell(
                    "LISTENER",
                    () -> new Listener(
                                    new ListenCallback() {
                                        @Override
                                        public void onNewStream(Stream stream) {
                                            stream.close();
                                        }
                                    },
                                    ListenerConfig.builder(address).build())
                            .start());
            tell(
                    "MANAGER",
                    () -> SessionManager.open(
                            SessionManagerConfig.builder(address).build()));
        }

        private static void tell(String word, Runnable attempt) {
            try {
                attempt.run();
                System.out.println(word + " started");
            } catch (ShmipcException e) {
                System.out.println(word + " " + e.reason() + " " + e.getMessage());
            }
        }
    }
}
