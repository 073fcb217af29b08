package io.shmipc.benchmarks.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs travel to the workers as lines of words. */
@Timeout(20)
class JobTests {

    @Test
    void aJobIsReadAsItWasWritten() {
        for (Pattern pattern : Pattern.values()) {
            Job job = new Job(pattern, 4096, 10, 100);
            assertThat(Job.parse(job.command("drive").split(" ", -1))).isEqualTo(job);
        }
    }

    @Test
    void anUnknownPatternIsNamed() {
        assertThatThrownBy(() -> Pattern.of("juggling")).hasMessageContaining("juggling");
    }

    @Test
    void largeMessagesHaveSmallWindows() {
        Job job = new Job(Pattern.ONE_WAY, 64, 0, 1);
        assertThat(job.window()).isEqualTo(1024);
        assertThat(job.ofBytes(4 << 20).window()).isEqualTo(16);
        assertThat(job.ofBytes(1 << 30).window()).isEqualTo(4);
    }
}
