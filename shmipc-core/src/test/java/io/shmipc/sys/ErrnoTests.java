package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ErrnoTests {
    @Test
    void everyConstantHasItsOwnNameAndAMeaning() throws IllegalAccessException {
        for (Field field : Errno.class.getFields()) {
            assertThat(Modifier.isStatic(field.getModifiers())).isTrue();
            int errno = field.getInt(null);
            assertThat(Errno.name(errno)).isEqualTo(field.getName());
            assertThat(Errno.describe(errno)).isNotBlank().isNotEqualTo("unknown error");
        }
    }

    @Test
    void numbersAreThoseOfTheSystem() {
        assertThat(Libc.close(-1)).isEqualTo(-1);
        assertThat(Libc.errno()).isEqualTo(Errno.EBADF);
        assertThat(NativeBuffer.string("").call(Libc::unlink)).isEqualTo(-1);
        assertThat(Libc.errno()).isEqualTo(Errno.ENOENT);
    }

    @Test
    void anUnlistedNumberIsStillDescribed() {
        assertThat(new NativeException("ioctl", "7", 9999)).hasMessage("ioctl(7) failed: errno (9999), unknown error");
    }

    @Test
    void aFailureNamesCallTargetAndReason() {
        NativeException failure = new NativeException("bind", "/run/x.sock", Errno.EADDRINUSE);

        assertThat(failure).hasMessage("bind(/run/x.sock) failed: EADDRINUSE (98), address already in use");
        assertThat(failure.call()).isEqualTo("bind");
        assertThat(failure.errno()).isEqualTo(Errno.EADDRINUSE);
    }
}
