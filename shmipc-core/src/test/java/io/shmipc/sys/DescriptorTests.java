package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class DescriptorTests {
    @Test
    void aClosedDescriptorIsNotUsable() throws IOException {
        Descriptor file = Memfd.create("closed", Memfd.CLOEXEC);
        assertThat(file.isOpen()).isTrue();
        assertThat(Files.exists(file.procPath())).isTrue();

        file.close();
        file.close();

        assertThat(file.isOpen()).isFalse();
        assertThatThrownBy(file::fd)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed: memfd closed");
        assertThatThrownBy(file::procPath).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Memfd.seals(file)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theNumberIsKeptUntilTheLastCallReturned() throws IOException {
        Descriptor file = Memfd.create("busy", Memfd.CLOEXEC);
        int fd = file.enter();

        file.close();

        assertThat(Libc.fcntl(fd, Libc.F_GET_SEALS, 0)).isNotEqualTo(-1);
        assertThat(file.tryEnter()).isFalse();
        assertThat(Libc.fcntl(fd, Libc.F_GET_SEALS, 0)).isNotEqualTo(-1);
        file.exit();
        assertThat(Libc.fcntl(fd, Libc.F_GET_SEALS, 0)).isEqualTo(-1);
        assertThat(file.tryEnter()).isFalse();
    }

    @Test
    void manyThreadsThatCloseItCloseItOnce() throws Exception {
        for (int round = 0; round < 200; round++) {
            Descriptor file = Memfd.create("contended", Memfd.CLOEXEC);
            int fd = file.fd();
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(() -> useAndClose(file, start));
                thread.start();
                threads.add(thread);
            }
            start.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(file.isOpen()).isFalse();
            assertThat(Libc.fcntl(fd, Libc.F_GET_SEALS, 0)).isEqualTo(-1);
        }
    }

    private static void useAndClose(Descriptor file, CountDownLatch start) {
        try {
            start.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (file.tryEnter()) {
            file.exit();
        }
        file.close();
    }
}
