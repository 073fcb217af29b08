package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PlatformTests {
    @Test
    void thisMachineIsSupported() {
        assertThatCode(Platform::requireSupported).doesNotThrowAnyException();
        assertThat(Platform.isArm64()).isEqualTo("aarch64".equals(System.getProperty("os.arch")));
    }

    @Test
    void linuxOnBothProcessorsIsSupported() {
        assertThat(Platform.refusal("Linux", "amd64")).isNull();
        assertThat(Platform.refusal("Linux", "x86_64")).isNull();
        assertThat(Platform.refusal("Linux", "aarch64")).isNull();
    }

    @Test
    void otherMachinesAreNamedInTheRefusal() {
        assertThat(Platform.refusal("Mac OS X", "aarch64"))
                .isEqualTo("shmipc runs on Linux on x86-64 and aarch64 only; this is Mac OS X on aarch64");
        assertThat(Platform.refusal("Linux", "riscv64")).contains("Linux on riscv64");
    }

    @Test
    void aLibraryThatDoesNotLoadComesWithRemedies() {
        assertThat(Platform.remedy(new UnsatisfiedLinkError("failed to map segment")))
                .contains("failed to map segment", "-Djna.tmpdir=", "--enable-native-access=");
    }
}
