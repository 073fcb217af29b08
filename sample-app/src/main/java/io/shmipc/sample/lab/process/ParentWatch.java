package io.shmipc.sample.lab.process;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * The server's side of {@link ServerProcess}: says when it is ready, and ends this process when its parent is gone.
 *
 * <p>The parent never writes to the pipe that is the standard input here, so it ends when the parent does, even by
 * {@code kill -9}; then nobody else is left to clean up.
 */
@Component
@Profile("lab-server")
final class ParentWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ParentWatch.class);

    private final Path directory;

    ParentWatch(@Value("${sample.directory}") Path directory) {
        this.directory = directory;
    }

    @EventListener(ApplicationReadyEvent.class)
    void tellParent() {
        Thread watch = new Thread(this::awaitEndOfParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        PrintStream parent = System.out;
        parent.println(ServerProcess.READY);
    }

    private void awaitEndOfParent() {
        try {
            System.in.transferTo(PrintStream.nullOutputStream());
        } catch (IOException e) {
            LOG.debug("the standard input failed, which means the same as its end", e);
        }
        // After the context, whose listener has sockets there.
        SpringApplication.getShutdownHandlers().add(this::removeDirectory);
        System.exit(0);
    }

    private void removeDirectory() {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            LOG.warn("{} is left over", directory, e);
        }
    }
}
