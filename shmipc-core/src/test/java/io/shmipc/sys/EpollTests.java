package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EpollTests {
    private static final long KEY = 0x8877665544332211L;

    private final SocketPair pair;
    private final Epoll epoll;
    private final NativeBuffer buffer = NativeBuffer.allocate(8);

    EpollTests() throws IOException {
        pair = SocketPair.unix();
        epoll = Epoll.create(4);
    }

    @AfterEach
    void close() {
        epoll.close();
        pair.close();
    }

    @Test
    void anEventBringsItsKey() throws IOException {
        epoll.add(pair.server(), Epoll.IN | Epoll.RDHUP, KEY);
        assertThat(epoll.await(0)).isZero();

        Sockets.send(pair.client(), buffer, 0, 1);

        assertThat(epoll.await(-1)).isEqualTo(1);
        assertThat(epoll.key(0)).isEqualTo(KEY);
        assertThat(epoll.events(0)).isEqualTo(Epoll.IN);
        assertThatThrownBy(() -> epoll.key(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void levelsLastAndEdgesPass() throws IOException {
        epoll.add(pair.server(), Epoll.IN, KEY);
        Sockets.send(pair.client(), buffer, 0, 1);
        assertThat(epoll.await(-1)).isEqualTo(1);
        assertThat(epoll.await(0)).isEqualTo(1);

        epoll.modify(pair.server(), Epoll.IN | Epoll.EDGE_TRIGGERED, KEY + 1);
        assertThat(epoll.await(-1)).isEqualTo(1);
        assertThat(epoll.key(0)).isEqualTo(KEY + 1);
        assertThat(epoll.await(0)).isZero();

        Sockets.send(pair.client(), buffer, 0, 1);
        assertThat(epoll.await(-1)).isEqualTo(1);
    }

    @Test
    void interestSwitchedOffIsSilentAndBackOnTellsWhatWasMissed() throws IOException {
        epoll.add(pair.server(), Epoll.IN, KEY);
        epoll.modify(pair.server(), 0, KEY);
        Sockets.send(pair.client(), buffer, 0, 1);
        assertThat(epoll.await(0)).isZero();

        epoll.modify(pair.server(), Epoll.IN, KEY);
        assertThat(epoll.await(0)).isEqualTo(1);

        epoll.remove(pair.server());
        assertThat(epoll.await(0)).isZero();
    }

    @Test
    void aHangUpIsAnEvent() throws IOException {
        epoll.add(pair.server(), Epoll.IN | Epoll.RDHUP, KEY);
        pair.client().close();

        assertThat(epoll.await(-1)).isEqualTo(1);

        assertThat(epoll.events(0)).isEqualTo(Epoll.IN | Epoll.RDHUP | Epoll.HUP);
    }

    @Test
    void moreEventsThanFitComeWithTheNextWaits() throws IOException {
        EventFd[] events = new EventFd[10];
        Set<Long> keys = new HashSet<>();
        for (int i = 0; i < events.length; i++) {
            events[i] = EventFd.create();
            epoll.add(events[i].descriptor(), Epoll.IN | Epoll.EDGE_TRIGGERED, i);
            events[i].signal();
        }
        int count = epoll.await(0);
        while (count > 0) {
            assertThat(count).isLessThanOrEqualTo(4);
            for (int i = 0; i < count; i++) {
                keys.add(epoll.key(i));
            }
            count = epoll.await(0);
        }
        assertThat(keys).hasSize(events.length);
        for (EventFd event : events) {
            event.close();
        }
    }

    @Test
    void timeIsKeptToTheMicrosecond() throws IOException {
        for (long timeoutNanos : new long[] {0, 50_000, 1_000_000, 1_500_000, 20_000_000}) {
            long start = System.nanoTime();
            assertThat(epoll.await(timeoutNanos)).isZero();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(timeoutNanos);
        }
    }

    @Test
    void signalsNeitherEndNorShortenTheWait() throws Exception {
        try (SignalStorm storm = new SignalStorm()) {
            for (long timeoutNanos : new long[] {100_000_000, 100_000_001}) {
                long start = System.nanoTime();
                assertThat(epoll.await(timeoutNanos)).isZero();
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(timeoutNanos);
            }
            assertThat(storm.sent()).isPositive();
        }
    }

    @Test
    void aClosedDescriptorIsForgotten() throws IOException {
        epoll.add(pair.server(), Epoll.IN, KEY);
        Sockets.send(pair.client(), buffer, 0, 1);
        pair.server().close();

        assertThat(epoll.await(0)).isZero();
        assertThatThrownBy(() -> epoll.remove(pair.server())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void mistakesAreNamed() throws IOException {
        epoll.add(pair.server(), Epoll.IN, KEY);
        assertThatThrownBy(() -> epoll.add(pair.server(), Epoll.IN, KEY))
                .isInstanceOf(NativeException.class)
                .hasMessageContaining("EEXIST");
        assertThatThrownBy(() -> epoll.modify(pair.client(), Epoll.IN, KEY)).hasMessageContaining("ENOENT");
        assertThatThrownBy(() -> Epoll.create(0)).isInstanceOf(IllegalArgumentException.class);
        epoll.close();
        assertThatThrownBy(() -> epoll.await(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void waitingAllocatesNothing() throws IOException {
        epoll.add(pair.server(), Epoll.OUT, KEY);
        assertThat(Allocations.during(() -> epoll.await(0))).isLessThan(Allocations.NOISE_BYTES);
    }

    @Test
    void sendingAndReceivingAllocateNothing() throws IOException {
        long bytes = Allocations.during(() -> Sockets.send(pair.client(), buffer, 0, 8)
                + Sockets.receive(pair.server(), buffer, 0, 8)
                + Sockets.receive(pair.server(), buffer, 0, 8));
        assertThat(bytes).isLessThan(Allocations.NOISE_BYTES);
    }
}
