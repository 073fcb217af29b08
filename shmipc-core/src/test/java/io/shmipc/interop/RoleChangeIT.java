package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.WaitStrategies;
import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.Cell.Mode;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No reply is stranded while the consumer of the queue changes: readers that wait, callbacks, the event loop. */
@Timeout(120)
@ExtendWith(InteropTable.Writer.class)
class RoleChangeIT {

    private static final int CALLERS = 12;
    private static final int ROUNDS = 300;

    /** Longer than any reader looks at the queue before it sleeps. */
    private static final int MAX_PAUSE_NANOS = 2_500_000;

    private Workspace workspace;

    @BeforeEach
    void chooseNames() {
        workspace = new Workspace();
    }

    @AfterEach
    void removeNames() {
        workspace.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GO, SYNC, ADAPTIVE, false",
        "GO, CALLBACK, ADAPTIVE, true",
        "GO, SYNC, PARK, true",
        "RUST, SYNC, ADAPTIVE, true",
        "RUST, CALLBACK, PARK, false"
    })
    void nothingIsStrandedWhileReadersComeAndGo(Foreign peer, Mode mode, WaitStrategies strategy, boolean inline) {
        try (ForeignServer server = ForeignServer.start(peer, workspace.address(Link.MEMFD_UNIX), mode);
                CallingClient client = connect(server, strategy, inline)) {
            AtomicInteger claimed = new AtomicInteger();
            CallingClient.inParallel(CALLERS, index -> callAndPause(client, new SplittableRandom(index), claimed));
            assertThat(client.session().activeStreamCount()).isZero();
            assertThat(server.finish().received()).isEqualTo(CALLERS * ROUNDS);
        }
        workspace.awaitNothingLeft();
    }

    private CallingClient connect(ServerPeer server, WaitStrategies strategy, boolean inline) {
        ShmipcConfig.Builder config = CallingClient.config(Link.MEMFD_UNIX.memory, workspace, 32 << 20).toBuilder()
                .waitStrategy(strategy);
        if (inline) {
            config.callbackExecutor(Runnable::run);
        }
        return CallingClient.connect(server.address(), server.prefix(), config.build());
    }

    /** Calls now from a thread that waits, now with a callback, and pauses now and then. */
    private static void callAndPause(CallingClient client, SplittableRandom random, AtomicInteger claimed)
            throws InterruptedException {
        while (claimed.get() < CALLERS * ROUNDS) {
            boolean blocking = random.nextBoolean();
            try (Stream stream = client.manager().getStream()) {
                CallingClient.Replies replies = blocking ? null : client.new Replies(stream);
                for (int calls = random.nextInt(1, 40); calls > 0 && claim(claimed); calls--) {
                    if (replies == null) {
                        client.call(stream, 200);
                    } else {
                        replies.call(200);
                    }
                    if (random.nextInt(4) == 0) {
                        LockSupport.parkNanos(random.nextInt(MAX_PAUSE_NANOS));
                    }
                }
            }
        }
    }

    /** Returns whether one more call is to be made. */
    private static boolean claim(AtomicInteger claimed) {
        return claimed.getAndUpdate(count -> Math.min(count + 1, CALLERS * ROUNDS)) < CALLERS * ROUNDS;
    }
}
