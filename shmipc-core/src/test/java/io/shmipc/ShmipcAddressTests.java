package io.shmipc;

import static io.shmipc.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShmipcAddressTests {

    @ParameterizedTest
    @CsvSource({
        "/run/app.sock, UNIX, /run/app.sock, 0, unix:/run/app.sock",
        "unix:/run/app.sock, UNIX, /run/app.sock, 0, unix:/run/app.sock",
        "unix:///run/app.sock, UNIX, /run/app.sock, 0, unix:/run/app.sock",
        "unix:relative.sock, UNIX, relative.sock, 0, unix:relative.sock",
        "tcp:127.0.0.1:7070, TCP, 127.0.0.1, 7070, tcp:127.0.0.1:7070",
        "tcp://localhost:0, TCP, localhost, 0, tcp:localhost:0",
        "tcp:[::1]:65535, TCP, ::1, 65535, tcp:[::1]:65535"
    })
    void everyFormIsReadAndWrittenBack(String text, Network network, String target, int port, String written) {
        ShmipcAddress address = ShmipcAddress.parse(text);
        assertThat(address).isEqualTo(new ShmipcAddress(network, target, port)).hasToString(written);
        assertThat(ShmipcAddress.parse(written)).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app.sock",
                "udp:127.0.0.1:1",
                "tcp:",
                "tcp:7070",
                "tcp:host",
                "tcp::7070",
                "tcp:host:",
                "tcp:host:x"
            })
    void otherTextsAreRefused(String text) {
        assertRefused(() -> ShmipcAddress.parse(text), "address", "'" + text + "'", "unix:/path");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aPortThatCannotBeIsRefused(int port) {
        assertRefused(() -> ShmipcAddress.tcp("host", port), "address", "TCP address with port " + port, "up to 65535");
        assertRefused(
                () -> ShmipcAddress.parse("tcp:host:" + port),
                "address",
                "TCP address with port " + port,
                "up to 65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:", "unix://", "tcp:[]:1"})
    void anAddressWithoutATargetIsRefused(String text) {
        Network network = text.startsWith("unix") ? Network.UNIX : Network.TCP;
        assertRefused(() -> ShmipcAddress.parse(text), "address", network + " address without a target", "unix:/path");
    }

    @Test
    void aUnixPathIsMeasuredInBytes() {
        String longest = "/" + "ü".repeat(53);
        assertThat(ShmipcAddress.unix(Path.of(longest)).target()).isEqualTo(longest);
        assertRefused(() -> ShmipcAddress.parse(longest + "x"), "address", "'" + longest + "x'", "at most 107 bytes");
    }
}
