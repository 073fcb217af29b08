package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which ids of streams a peer has used. */
@Timeout(20)
class StreamTableTests {

    private final StreamTable table = new StreamTable();

    @Test
    void anIdIsNewOnce() {
        assertThat(table.markUsed(2)).isTrue();
        assertThat(table.markUsed(2)).isFalse();
    }

    @Test
    void idsThatWereLeftOutAreNewWhenTheyComeLater() {
        assertThat(table.markUsed(10)).isTrue();
        assertThat(table.markUsed(5)).isTrue();
        assertThat(table.markUsed(5)).isFalse();
        assertThat(table.markUsed(4)).isTrue();
        assertThat(table.markUsed(6)).isTrue();
        assertThat(table.markUsed(10)).isFalse();
    }

    @Test
    void aPeerThatLeavesOutEverySecondIdMakesOnlySoManyGaps() {
        assertThat(table.markUsed(0xffff_ffffL)).isTrue();
        for (long id = 2; id < 1_000_000; id += 2) {
            table.markUsed(id);
        }
        assertThat(table.gaps()).isEqualTo(StreamTable.MAX_GAPS);
    }
}
