package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What control groups of both versions leave, read from files as the kernel writes them. */
class MemoryLimitTests {

    private static final long UNLIMITED = Long.MAX_VALUE;

    @TempDir
    Path root;

    @Test
    void aGroupOfVersionTwoLeavesItsLimitLessWhatCannotBeGivenBack() throws IOException {
        write("memory.max", "1000000");
        write("memory.current", "700000");
        write("memory.stat", "anon 300000\ninactive_file 150000\nactive_file 50000\nshmem 200000");
        assertThat(remaining("0::/")).isEqualTo(500_000);
    }

    @Test
    void aGroupOfVersionOneLeavesItsLimitLessWhatCannotBeGivenBack() throws IOException {
        write("memory/memory.limit_in_bytes", "1000000");
        write("memory/memory.usage_in_bytes", "700000");
        write("memory/memory.stat", "inactive_file 1\ntotal_inactive_file 150000\ntotal_active_file 50000");
        assertThat(remaining("9:name=systemd:/", "4:cpu,memory:/docker/1a2b", "0::/docker/1a2b"))
                .isEqualTo(500_000);
    }

    @Test
    void aGroupBelowTheMountIsFoundThere() throws IOException {
        write("memory.max", "max");
        write("system.slice/app.service/memory.max", "1000");
        write("system.slice/app.service/memory.current", "400");
        write("system.slice/app.service/memory.stat", "inactive_file 0");
        assertThat(remaining("0::/system.slice/app.service")).isEqualTo(600);
    }

    @Test
    void moreThanTheLimitLeavesNothing() throws IOException {
        write("memory.max", "1000");
        write("memory.current", "1004");
        write("memory.stat", "inactive_file 0");
        assertThat(remaining("0::/")).isZero();
    }

    @Test
    void noLimitAndNothingThatCanBeReadLeaveEverything() throws IOException {
        assertThat(remaining("0::/")).isEqualTo(UNLIMITED);
        assertThat(remaining("")).isEqualTo(UNLIMITED);
        write("memory.max", "max");
        assertThat(remaining("0::/")).isEqualTo(UNLIMITED);
        write("memory.max", "plenty");
        write("memory.current", "0");
        write("memory.stat", "");
        assertThat(remaining("0::/")).isEqualTo(UNLIMITED);
        assertThat(MemoryLimit.remainingBytes(root.resolve("nowhere"), root)).isEqualTo(UNLIMITED);
    }

    private long remaining(String... memberships) throws IOException {
        write("cgroup", String.join("\n", memberships));
        return MemoryLimit.remainingBytes(root.resolve("cgroup"), root);
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }
}
