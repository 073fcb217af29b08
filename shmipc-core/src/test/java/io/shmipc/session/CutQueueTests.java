package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.Session;
import io.shmipc.ShmipcException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The peer cuts the file of the queues: whatever is called next, the session ends and gives everything back. */
@Timeout(60)
class CutQueueTests {

    private final Duo duo = Duo.of(Variant.FILES).open();
    private Duo.Link link;
    private Session session;

    @BeforeEach
    void open() {
        session = duo.clientSession();
        link = duo.link();
    }

    @AfterEach
    void close() throws Exception {
        assertThat(session.closeFuture().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isNotEmpty();
        assertThat(session.activeStreamCount()).isZero();
        duo.close();
        await().untilAsserted(() -> assertThat(duo.files()).isEmpty());
    }

    private void cutQueues() throws IOException {
        for (Path file : duo.files()) {
            if (file.toString().contains("_queue_")) {
                try (RandomAccessFile queues = new RandomAccessFile(file.toFile(), "rw")) {
                    queues.setLength(0);
                }
            }
        }
    }

    @Test
    void aSessionThatIsClosedDoesNotLingerForAQueueThatIsGone() throws Exception {
        link.client().close();
        link.server().close();
        await().until(() -> session.activeStreamCount() == 0
                && session.metrics().performance().sendQueueCount() == 0);
        cutQueues();
        session.close();
    }

    @Test
    void closingAStreamThrowsNothing() throws Exception {
        cutQueues();
        link.client().close();
    }

    @Test
    void flushingTheEndOfAStreamIsRefusedClearly() throws Exception {
        cutQueues();
        assertThatThrownBy(() -> link.client().flush(true))
                .isInstanceOf(ShmipcException.class)
                .hasMessageContaining("taken memory away");
    }
}
