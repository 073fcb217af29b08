package io.shmipc.spring.boot.autoconfigure.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.shmipc.Reason;
import io.shmipc.SharedMemoryException;
import io.shmipc.UnsupportedPlatformException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** What people read about a machine, or a Spring Boot, that shmipc cannot run with. */
@Timeout(30)
class MachineFailureTests {

    private final Analyses analyses = new Analyses();

    @Test
    void sharedMemoryThatCannotBeHadIsExplained() {
        assertThat(analyses.of(new SharedMemoryException(Reason.SHARE_MEMORY_NO_SPACE_LEFT, "Full."))
                        .getAction())
                .contains("shmipc.client.buffer-capacity", "shmipc.clients.<name>.buffer-capacity", "--shm-size");
        assertThat(analyses.of(new SharedMemoryException(Reason.FILE_NAME_TOO_LONG, "Long."))
                        .getAction())
                .isEqualTo("Shorten shmipc.client.path-prefix (for a named client shmipc.clients.<name>.path-prefix).");
        assertThat(analyses.of(new SharedMemoryException(Reason.SYSTEM_CALL_FAILED, "Denied."))
                        .getAction())
                .contains("shmipc.client.memory-type=memfd");
    }

    @Test
    void memoryThatTheFileSystemHasNoRoomForIsExplained() {
        FailureAnalysis analysis = analyses.of(new SharedMemoryException(
                Reason.SHARE_MEMORY_NO_SPACE_LEFT, "/dev/shm has 64 MB left, 2 GB are needed."));

        assertThat(analysis.getDescription()).isEqualTo("/dev/shm has 64 MB left, 2 GB are needed.");
        assertThat(analysis.getAction()).contains("shmipc.client.buffer-capacity", "--shm-size", "emptyDir");
    }

    @Test
    void aPlatformThatIsNotSupportedIsExplained() {
        FailureAnalysis analysis =
                analyses.of(new UnsupportedPlatformException("shmipc does not run on Plan 9.", null));

        assertThat(analysis.getDescription()).isEqualTo("shmipc does not run on Plan 9.");
        assertThat(analysis.getAction()).contains("Linux", "shmipc.client.enabled=false");
    }

    @Test
    void aNativeLibraryThatCannotBeLoadedIsExplained() {
        FailureAnalysis analysis = analyses.of(new UnsupportedPlatformException(
                "JNA could not be loaded (java.lang.UnsatisfiedLinkError: noexec). It has to be on the class path.",
                null));

        assertThat(analysis.getDescription())
                .isEqualTo("JNA could not be loaded (java.lang.UnsatisfiedLinkError: noexec).");
        assertThat(analysis.getAction())
                .contains("-Djna.tmpdir", "-Djna.boot.library.path", "--enable-native-access=ALL-UNNAMED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.7.18", "3.5.6", "4.0.0", "4.0.1-SNAPSHOT"})
    void aSpringBootThatIsTooOldIsExplained(String version) {
        GenericApplicationContext context = new GenericApplicationContext();
        Throwable failure = catchThrowable(() -> new BootGenerationCheck(version).initialize(context));

        FailureAnalysis analysis = analyses.of(failure);

        assertThat(analysis.getDescription()).contains("Spring Boot 4.1 or newer", version);
        assertThat(analysis.getAction()).contains("spring-boot-starter-parent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.1.0", "4.1.2", "4.2.0-M1", "5.0.0", "unknown"})
    void aSpringBootThatIsNewEnoughIsAccepted(String version) {
        assertThatNoException()
                .isThrownBy(() -> new BootGenerationCheck(version).initialize(new GenericApplicationContext()));
    }

    @Test
    void everyApplicationChecksItsSpringBoot() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(ApplicationContextInitializer.class))
                .hasAtLeastOneElementOfType(BootGenerationCheck.class);
    }
}
