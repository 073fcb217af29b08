package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class NativeBufferTests {
    @Test
    void theAddressIsThatOfTheBytes() {
        NativeBuffer buffer = NativeBuffer.allocate(16);
        buffer.bytes().put(5, (byte) 9);

        assertThat(new Pointer(buffer.address()).getByte(5)).isEqualTo((byte) 9);
        assertThat(buffer.bytes()).isSameAs(buffer.bytes());
        assertThat(buffer.bytes().order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    }

    @Test
    void rangesOutsideAreRefused() {
        NativeBuffer buffer = NativeBuffer.allocate(16);
        assertThat(buffer.address(4, 12)).isEqualTo(buffer.address() + 4);
        assertThatThrownBy(() -> buffer.address(4, 13)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.address(4, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aStringIsUtf8AndEndsInZero() {
        assertThat(new Pointer(NativeBuffer.string("a/ä").address()).getString(0, "UTF-8"))
                .isEqualTo("a/ä");
    }
}
