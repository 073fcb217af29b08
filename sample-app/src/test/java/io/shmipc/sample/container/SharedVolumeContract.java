package io.shmipc.sample.container;

import io.shmipc.MemoryType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/**
 * Containers that share a tmpfs volume whose files belong to the common group. Nothing that they can write to is
 * executable: JNA's library comes with the image. The client has the common group beside its own.
 */
abstract class SharedVolumeContract extends TwoContainersContract {

    private static final String JNA_LIBRARY = "/com/sun/jna/linux-"
            + (System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86-64") + "/libjnidispatch.so";

    @TempDir
    static Path temporary;

    private SharedVolume volume;

    SharedVolumeContract(MemoryType memoryType) {
        super(memoryType);
    }

    @Override
    String directory() {
        return "/run/greetings";
    }

    @Override
    void prepare() {
        volume = new SharedVolume("size=64m,mode=2770,gid=" + GROUP);
        try (InputStream library = SharedVolumeContract.class.getResourceAsStream(JNA_LIBRARY)) {
            Files.copy(library, temporary.resolve("libjnidispatch.so"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    SampleContainer place(SampleContainer container) {
        return container
                .mount(volume.at(directory()))
                .mount(temporary.resolve("libjnidispatch.so"), "/app/native/libjnidispatch.so")
                .jvm("-Djna.boot.library.path=/app/native", "-Djna.noclasspath=true");
    }

    @Override
    SampleContainer identify(SampleContainer container, int user) {
        return container.user(user + ":" + user).host(host -> host.withGroupAdd(List.of("" + GROUP)));
    }

    @Override
    void cleanUp() {
        volume.close();
    }
}
