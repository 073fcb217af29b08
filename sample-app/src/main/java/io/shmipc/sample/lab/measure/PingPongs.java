package io.shmipc.sample.lab.measure;

import io.shmipc.ShmipcException;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.client.ImportShmipcClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Opens streams and connections to the server's process. */
@Configuration(proxyBeanMethods = false)
@Profile("lab")
@ImportShmipcClients(EchoAddresses.class)
class PingPongs {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 20;

    private final SessionManager sessions;
    private final EchoAddresses addresses;

    PingPongs(@Qualifier("raw") SessionManager sessions, EchoAddresses addresses) {
        this.sessions = sessions;
        this.addresses = addresses;
    }

    /** Opens one; waits for a server that has just been started. */
    PingPong open(Transport transport) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return switch (transport) {
                    case SHARED_MEMORY -> new StreamPingPong(sessions);
                    case UNIX_SOCKET -> new SocketPingPong(UnixDomainSocketAddress.of(addresses.unixSocket()));
                    case TCP ->
                        new SocketPingPong(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), addresses.tcpPort()));
                };
            } catch (IOException | ShmipcException e) {
                if (System.nanoTime() - end > 0) {
                    throw new IOException(
                            "The server cannot be reached through " + transport.words() + ": " + e.getMessage(), e);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }
}
