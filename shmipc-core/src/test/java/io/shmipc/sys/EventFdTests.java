package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class EventFdTests {
    @Test
    void itIsReadableFromSignalToDrain() throws IOException {
        try (EventFd event = EventFd.create()) {
            assertThat(event.drain()).isFalse();
            event.signal();
            event.signal();
            assertThat(Sockets.poll(event.descriptor(), PollSet.IN, 0)).isEqualTo(PollSet.IN);
            assertThat(event.drain()).isTrue();
            assertThat(event.drain()).isFalse();
            assertThat(Sockets.poll(event.descriptor(), PollSet.IN, 0)).isZero();
        }
    }

    @Test
    void aFullCounterStaysSignalled() throws IOException {
        try (EventFd event = EventFd.create()) {
            NativeBuffer counter = NativeBuffer.struct(8);
            counter.bytes().putLong(0, -2);
            int fd = event.descriptor().fd();
            assertThat(counter.call(address -> (int) Libc.write(fd, address, 8)))
                    .isEqualTo(8);

            event.signal();

            assertThat(event.drain()).isTrue();
        }
    }

    @Test
    void signallingAClosedOneDoesNothing() throws IOException {
        EventFd event = EventFd.create();
        event.close();
        event.signal();
        assertThatThrownBy(event::drain).isInstanceOf(IllegalStateException.class);
    }
}
