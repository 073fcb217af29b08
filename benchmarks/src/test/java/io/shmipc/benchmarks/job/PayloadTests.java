package io.shmipc.benchmarks.job;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a message carries is what the reader insists on: a transport that loses or swaps messages is found out. */
@Timeout(20)
class PayloadTests {

    private final ByteBuffer memory = ByteBuffer.allocate(80).order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void everyWordOfAFilledMessageCounts() {
        Job job = new Job(Pattern.FILL, 64, 0, 1);
        Payload.write(memory, 8, job, 7);
        assertThatCode(() -> Payload.check(memory, 8, job, 7)).doesNotThrowAnyException();

        memory.putLong(64, memory.getLong(64) + 1);
        assertThatThrownBy(() -> Payload.check(memory, 8, job, 7)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTouchedMessageIsKnownByItsNumber() {
        Job job = new Job(Pattern.TOUCH, 64, 0, 1);
        Payload.write(memory, 0, job, 7);
        assertThatCode(() -> Payload.check(memory, 0, job, 7)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Payload.check(memory, 0, job, 8))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("7");
    }
}
