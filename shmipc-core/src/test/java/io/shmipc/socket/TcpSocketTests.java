package io.shmipc.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.MemoryType;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.server.ListenerConfig;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class TcpSocketTests {

    private static final byte[] HELLO = "hello".getBytes(UTF_8);

    @TempDir
    Path directory;

    @Test
    void aServerSocketOnAFreePortTellsWhichOneItGot() throws Exception {
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(MemoryType.FILE)
                .regionBytes(1 << 20)
                .pathPrefix(directory.resolve("memory").toString())
                .build();
        var factory = new ShmipcServerSocketFactory(ListenerConfig.builder(ShmipcAddress.tcp("127.0.0.1", 0))
                .config(config)
                .build());
        try (ShmipcServerSocket server = factory.createServerSocket(0)) {
            assertThat(server.getLocalPort()).isPositive();
            assertThat(server.address()).isEqualTo(ShmipcAddress.tcp("127.0.0.1", server.getLocalPort()));
            try (SessionManager manager = SessionManager.open(SessionManagerConfig.builder(server.address())
                            .config(config)
                            .build());
                    Socket client = ShmipcSockets.connect(manager)) {
                client.getOutputStream().write(HELLO);
                try (Socket accepted = server.accept()) {
                    assertThat(accepted.getInputStream().readNBytes(HELLO.length))
                            .isEqualTo(HELLO);
                    assertThat(accepted.getLocalPort()).isEqualTo(server.getLocalPort());
                    assertThat(client.getRemoteSocketAddress()).asString().startsWith("tcp:127.0.0.1:");
                }
            }
        }
    }

    @Test
    void theShortWayListensWithADefaultConfiguration() throws Exception {
        try (ShmipcServerSocket server = ShmipcSockets.listen(ShmipcAddress.tcp("127.0.0.1", 0), 10)) {
            assertThat(server.isBound()).isTrue();
        }
        try (ShmipcServerSocket server = ShmipcSockets.listen(ShmipcAddress.unix(directory.resolve("server.sock")))) {
            assertThat(server.getLocalSocketAddress()).asString().isEqualTo("unix:" + directory.resolve("server.sock"));
        }
        assertThat(directory).isEmptyDirectory();
    }
}
