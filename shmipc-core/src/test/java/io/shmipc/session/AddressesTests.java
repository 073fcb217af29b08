package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.Network;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import org.junit.jupiter.api.Test;

/** Both ends of a session and of its streams tell where they are, and where the other one is. */
class AddressesTests extends OverEveryVariant {

    @Test
    void eachEndKnowsItselfAndTheOther() {
        Duo duo = open();
        Duo.Link link = duo.link();
        Session client = duo.clientSession();
        Session server = link.server().session();
        ShmipcAddress listening = duo.listener().address();
        assertThat(server.localAddress()).isEqualTo(listening);
        assertThat(client.remoteAddress()).isEqualTo(listening);
        assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
        ShmipcAddress own = client.localAddress();
        assertThat(own.network()).isEqualTo(variant.network());
        if (variant.network() == Network.TCP) {
            assertThat(own.target()).isEqualTo("127.0.0.1");
            assertThat(own.port()).isPositive().isNotEqualTo(listening.port());
        } else {
            assertThat(own)
                    .hasToString("unix:(unnamed, pid " + ProcessHandle.current().pid() + ")");
        }
        assertThat(link.client().localAddress()).isEqualTo(client.localAddress());
        assertThat(link.client().remoteAddress()).isEqualTo(client.remoteAddress());
        assertThat(link.server().localAddress()).isEqualTo(server.localAddress());
        assertThat(link.server().remoteAddress()).isEqualTo(server.remoteAddress());
    }
}
