package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.Session;
import io.shmipc.Stream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What sessions and streams say about themselves. */
class SessionStateTests extends OverEveryVariant {

    @Test
    void bothSidesKnowWhoTheyAre() {
        Duo duo = open();
        Session client = duo.clientSession();
        Session server = duo.serverSession();
        assertThat(client.isClient()).isTrue();
        assertThat(server.isClient()).isFalse();
        assertThat(client.id()).startsWith("client-").isNotEqualTo(server.id());
        assertThat(server.id()).startsWith("server-");
        assertThat(client.remoteAddress()).isEqualTo(duo.listener().address());
        assertThat(server.localAddress()).isEqualTo(duo.listener().address());
        assertThat(client.metrics().shareMemory().capacityOfShareMemoryInBytes())
                .isEqualTo(server.metrics().shareMemory().capacityOfShareMemoryInBytes())
                .isBetween(1L << 20, 2L << 20);
    }

    @Test
    void bothEndsOfAStreamKnowWhoseTheyAre() throws Exception {
        Duo duo = open();
        Duo.Link link = duo.link();
        Duo.Link other = duo.link();
        assertThat(link.client().session()).isSameAs(duo.clientSession());
        assertThat(link.server().session()).isSameAs(duo.serverSession());
        assertThat(link.client().id())
                .isEqualTo(link.server().id())
                .isNotEqualTo(other.client().id());
        assertThat(link.client().remoteAddress()).isEqualTo(duo.clientSession().remoteAddress());
        assertThat(link.client().localAddress()).isEqualTo(duo.clientSession().localAddress());

        assertThat(link.client().isOpen()).isTrue();
        assertThat(link.server().isOpen()).isTrue();
        link.client().close();
        assertThat(link.client().isOpen()).isFalse();
        await().until(() -> !link.server().isOpen());
        assertThat(other.server().isOpen()).isTrue();
    }

    @Test
    void aSessionCountsItsStreamsAndTellsOfItsEnd() throws Exception {
        Duo duo = open();
        Session session = duo.clientSession();
        Session server = duo.serverSession();
        assertThat(session.activeStreamCount()).isZero();
        try (Stream stream = session.openStream()) {
            assertThat(session.activeStreamCount()).isEqualTo(1);
            assertThat(stream.isOpen()).isTrue();
        }
        assertThat(session.activeStreamCount()).isZero();
        assertThat(session.isHealthy()).isTrue();
        assertThat(session.isClosed()).isFalse();

        CompletableFuture<String> end = session.closeFuture().toCompletableFuture();
        assertThat(end).isNotDone();
        session.close();
        assertThat(session.isClosed()).isTrue();
        assertThat(session.isHealthy()).isFalse();
        assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo("it was closed on this side");
        assertThat(server.closeFuture().toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isEqualTo("the peer closed the connection");
    }
}
