package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PollSetTests {
    private final SocketPair pair;
    private final EventFd event;
    private final PollSet set;
    private final NativeBuffer buffer = NativeBuffer.allocate(8);

    PollSetTests() throws IOException {
        pair = SocketPair.unix();
        event = EventFd.create();
        set = new PollSet(pair.server(), event.descriptor());
    }

    @AfterEach
    void close() {
        pair.close();
        event.close();
    }

    @Test
    void eitherDescriptorEndsTheWait() throws IOException {
        event.signal();
        assertThat(set.await(-1)).isEqualTo(1);
        assertThat(set.readable(0)).isFalse();
        assertThat(set.readable(1)).isTrue();

        Sockets.send(pair.client(), buffer, 0, 1);
        assertThat(set.await(-1)).isEqualTo(2);
        assertThat(set.readable(0)).isTrue();
        assertThat(set.hungUp(0)).isFalse();

        assertThat(event.drain()).isTrue();
        assertThat(set.await(-1)).isEqualTo(1);
        assertThat(set.readable(1)).isFalse();
    }

    @Test
    void aSignalFromAnotherThreadEndsTheWait() throws Exception {
        Thread other = new Thread(event::signal);
        other.start();
        assertThat(set.await(-1)).isEqualTo(1);
        other.join();
    }

    @Test
    void timeIsKeptToTheMicrosecond() throws IOException {
        for (long timeoutNanos : new long[] {0, 50_000, 1_500_000, 20_000_000}) {
            long start = System.nanoTime();
            assertThat(set.await(timeoutNanos)).isZero();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(timeoutNanos);
        }
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 100; i++) {
            long start = System.nanoTime();
            set.await(100_000);
            best = Math.min(best, System.nanoTime() - start);
        }
        assertThat(best).isLessThan(1_000_000);
    }

    @Test
    void aHangUpIsToldBesideWhatIsLeftToRead() throws IOException {
        Sockets.send(pair.client(), buffer, 0, 1);
        pair.client().close();

        assertThat(set.await(-1)).isEqualTo(1);

        assertThat(set.readable(0)).isTrue();
        assertThat(set.hungUp(0)).isTrue();
    }

    @Test
    void interestDecidesWhatIsWaitedFor() throws IOException {
        set.interest(0, PollSet.OUT);
        assertThat(set.await(-1)).isEqualTo(1);
        assertThat(set.writable(0)).isTrue();

        set.interest(0, 0);
        Sockets.send(pair.client(), buffer, 0, 1);
        assertThat(set.await(0)).isZero();
        assertThat(set.events(0)).isZero();
        assertThatThrownBy(() -> set.interest(2, PollSet.IN)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aClosedDescriptorIsRefusedAndTheOthersStayUsable() throws IOException {
        event.close();
        assertThatThrownBy(() -> set.await(0)).isInstanceOf(IllegalStateException.class);
        int fd = pair.server().fd();
        pair.server().close();
        assertThat(Libc.fcntl(fd, Libc.F_GET_SEALS, 0)).isEqualTo(-1);
        assertThat(Libc.errno()).isEqualTo(Errno.EBADF);
    }

    @Test
    void signalsNeitherEndNorShortenTheWait() throws Exception {
        try (SignalStorm storm = new SignalStorm()) {
            long start = System.nanoTime();
            assertThat(set.await(200_000_000)).isZero();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(200_000_000);
            assertThat(storm.sent()).isPositive();
        }
    }

    @Test
    void waitingAllocatesNothing() throws IOException {
        long bytes = Allocations.during(() -> set.await(0));
        assertThat(bytes).isLessThan(Allocations.NOISE_BYTES);
    }
}
