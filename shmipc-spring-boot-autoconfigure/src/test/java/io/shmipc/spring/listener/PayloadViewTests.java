package io.shmipc.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;

@Timeout(10)
class PayloadViewTests {

    private final ByteBuffer shared =
            ByteBuffer.allocateDirect(4).putInt(0x01020304).flip();

    @Test
    void showsThePayloadInPlaceAndReadOnlyIfItIs() throws Exception {
        try (PayloadView view = PayloadView.of(shared.asReadOnlyBuffer().position(1))) {
            assertThat(view.buffer().isReadOnly()).isTrue();
            assertThat(view.buffer().isDirect()).isTrue();
            assertThat(view.buffer().remaining()).isEqualTo(3);
            assertThat(view.buffer().get()).isEqualTo((byte) 2);
            shared.put(2, (byte) 42);
            assertThat(view.buffer().get()).isEqualTo((byte) 42);
        }
    }

    @Test
    void isEmptyAfterwards() throws Exception {
        PayloadView view = PayloadView.of(shared.asReadOnlyBuffer());
        view.close();

        assertThat(view.buffer().hasRemaining()).isFalse();
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> view.buffer().get(0));
    }

    @Test
    void lendsCopiesOnTheHeapAsWell() throws Exception {
        PayloadView view = PayloadView.of(ByteBuffer.wrap(new byte[] {1, 2}));
        assertThat(view.buffer().get(1)).isEqualTo((byte) 2);
        view.close();

        assertThat(view.buffer().hasRemaining()).isFalse();
    }

    @Test
    @EnabledForJreRange(minVersion = 22)
    void whatWasDerivedFromItEndsAsWell() throws Exception {
        PayloadView view = PayloadView.of(shared.asReadOnlyBuffer());
        ByteBuffer duplicate = view.buffer().duplicate();
        ByteBuffer slice = view.buffer().slice(1, 2);
        assertThat(slice.get(0)).isEqualTo((byte) 2);
        view.close();

        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> duplicate.get(0));
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> slice.get(0));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> view.buffer().clear().get(0));
    }
}
