package io.shmipc.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.MemoryType;
import io.shmipc.ShmipcConfig;
import io.shmipc.shm.SharedRegion;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client's files are called, and which of them a later client removes. */
@Timeout(20)
class MemoryNamesTests {

    @TempDir
    Path directory;

    private Path file(String suffix, Duration age) throws IOException {
        Path file = Files.writeString(directory.resolve("memory" + suffix), "memory");
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    @Test
    void twoClientsOfOneProcessAndPrefixHaveDifferentNames() {
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(MemoryType.FILE)
                .pathPrefix(directory.resolve("memory").toString())
                .regionBytes(ShmipcConfig.MIN_REGION_BYTES)
                .build();
        SharedRegion one = new RegionSource(config).acquire();
        SharedRegion other = new RegionSource(config).acquire();
        String known =
                directory.resolve("memory") + "_" + ProcessHandle.current().pid() + "_j[0-9a-f]{16}_buffer";
        assertThat(one.memory().name())
                .matches(known)
                .isNotEqualTo(other.memory().name());
        assertThat(other.memory().name()).matches(known);
        for (SharedRegion region : new SharedRegion[] {one, other}) {
            // Its maker uses it, and the source.
            region.memory().release();
            region.memory().release();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void anOldFileIsRemovedUnlessALivingClientHoldsIt() throws IOException {
        Path file = file("_17_j0123456789abcdef_buffer", Duration.ofDays(2));
        try (Descriptor living = SharedFiles.openExisting(file)) {
            assertThat(SharedFiles.markInUse(living)).isTrue();
            StaleFiles.sweep(directory.resolve("memory"));
            assertThat(file).exists();
        }
        StaleFiles.sweep(directory.resolve("memory"));
        assertThat(file).doesNotExist();
    }

    @Test
    void aYoungFileAndThoseOfOthersAreLeftAlone() throws IOException {
        Path young = file("_17_j0123456789abcdef_queue_3", Duration.ZERO);
        Path ofGo = file("_17_buffer", Duration.ofDays(2));
        Path ofAnotherPrefix = file("-more_17_j0123456789abcdef_buffer", Duration.ofDays(2));
        StaleFiles.sweep(directory.resolve("memory"));
        assertThat(young).exists();
        assertThat(ofGo).exists();
        assertThat(ofAnotherPrefix).exists();
    }
}
