package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class DescriptorPassingTests {
    private final NativeBuffer buffer = NativeBuffer.allocate(64 << 10);
    private final @Nullable Descriptor[] target = new Descriptor[2];
    private @Nullable SocketPair opened;

    @BeforeEach
    void connect() throws IOException {
        opened = SocketPair.unix();
    }

    @AfterEach
    void close() {
        Arrays.stream(target).filter(received -> received != null).forEach(Descriptor::close);
        pair().close();
    }

    @Test
    void twoDescriptorsArriveInOrder() throws IOException {
        try (Descriptor first = Memfd.createSealed("first", 4096);
                Descriptor second = Memfd.createSealed("second", 8192)) {
            Mappings.map(first, 4096).putInt(0, 42);

            assertThat(Sockets.sendDescriptors(pair().client(), first.fd(), second.fd()))
                    .isEqualTo(1);
            assertThat(Sockets.receiveDescriptors(pair().server(), target)).isEqualTo(2);

            ByteBuffer received = Mappings.map(received(0), 4096);
            assertThat(received.getInt(0)).isEqualTo(42);
            assertThat(FileFacts.of(received(1))).isEqualTo(FileFacts.of(second));
            assertThat(SystemFacts.openFlags(received(0)) & Libc.O_CLOEXEC).isNotZero();
        }
    }

    @Test
    void exactlyOneByteIsConsumed() throws IOException {
        try (Descriptor file = Memfd.createSealed("one", 4096)) {
            Sockets.sendDescriptors(pair().client(), file.fd());
            buffer.bytes().put(0, (byte) 77);
            Sockets.send(pair().client(), buffer, 0, 1);

            assertThat(Sockets.receiveDescriptors(pair().server(), target)).isEqualTo(1);
            assertThat(Sockets.receive(pair().server(), buffer, 8, 8)).isEqualTo(1);
            assertThat(buffer.bytes().get(8)).isEqualTo((byte) 77);
        }
    }

    @Test
    void theDataByteIsZero() throws IOException {
        try (Descriptor file = Memfd.createSealed("zero", 4096)) {
            buffer.bytes().put(0, (byte) 77);
            Sockets.sendDescriptors(pair().client(), file.fd());
            assertThat(Sockets.receive(pair().server(), buffer, 0, 8)).isEqualTo(1);
            assertThat(buffer.bytes().get(0)).isZero();
        }
    }

    @Test
    void aByteWithoutDescriptorsIsToldFromTheEnd() throws IOException {
        assertThat(Sockets.receiveDescriptors(pair().server(), target)).isEqualTo(Sockets.WOULD_BLOCK);
        Sockets.send(pair().client(), buffer, 0, 1);
        assertThat(Sockets.receiveDescriptors(pair().server(), target)).isZero();
        pair().client().close();
        assertThat(Sockets.receiveDescriptors(pair().server(), target)).isEqualTo(Sockets.END_OF_STREAM);
        assertThat(target).containsOnlyNulls();
    }

    @Test
    void whatDoesNotFitIsClosed() throws IOException {
        try (SocketPair passed = SocketPair.unix()) {
            int fd = passed.client().fd();
            Sockets.sendDescriptors(pair().client(), fd, fd, fd, fd, fd);

            assertThat(Sockets.receiveDescriptors(pair().server(), target)).isEqualTo(5);

            passed.client().close();
            received(0).close();
            received(1).close();
            assertThat(Sockets.receive(passed.server(), buffer, 0, 1)).isZero();
        }
    }

    @Test
    void asManyAsTheKernelCarriesArrive() throws IOException {
        try (Descriptor file = Memfd.createSealed("many", 4096)) {
            int[] fds = new int[253];
            Arrays.fill(fds, file.fd());
            assertThat(Sockets.sendDescriptors(pair().client(), fds)).isEqualTo(1);
            assertThat(Sockets.receiveDescriptors(pair().server(), target)).isEqualTo(253);
        }
        assertThatThrownBy(() -> Sockets.sendDescriptors(pair().client(), new int[254]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Sockets.sendDescriptors(pair().client())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aProcessThatMayOpenNoMoreFilesKeepsNoneOfThem() throws IOException {
        try (SocketPair passed = SocketPair.unix()) {
            int fd = passed.client().fd();
            Sockets.sendDescriptors(pair().client(), fd, fd);

            try (FileLimit limit = FileLimit.oneMoreFile()) {
                assertThat(limit.next()).isPositive();
                assertThatThrownBy(() -> Sockets.receiveDescriptors(pair().server(), target))
                        .isInstanceOf(NativeException.class)
                        .hasMessageContaining("1 descriptors accepted) failed: EMFILE");
            }

            passed.client().close();
            assertThat(Sockets.receive(passed.server(), buffer, 0, 1)).isZero();
        }
    }

    @Test
    void aFullSocketTakesNoDescriptors() throws IOException {
        while (Sockets.send(pair().client(), buffer, 0, buffer.bytes().capacity()) != Sockets.WOULD_BLOCK) {
            assertThat(pair().client().isOpen()).isTrue();
        }
        int fd = pair().client().fd();
        assertThat(Sockets.sendDescriptors(pair().client(), fd)).isEqualTo(Sockets.WOULD_BLOCK);
    }

    @Test
    void anInvalidDescriptorIsAnError() {
        assertThatThrownBy(() -> Sockets.sendDescriptors(pair().client(), -1))
                .isInstanceOf(NativeException.class)
                .hasMessageContaining("EBADF");
    }

    private SocketPair pair() {
        if (opened == null) {
            throw new IllegalStateException("not connected");
        }
        return opened;
    }

    private Descriptor received(int index) {
        Descriptor descriptor = target[index];
        if (descriptor == null) {
            throw new AssertionError("nothing was received at index " + index);
        }
        return descriptor;
    }
}
