package io.shmipc.sample.lab.process;

import io.shmipc.sample.SampleApplication;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.system.ApplicationHome;

/**
 * One process with the server's half, from the same jar or class path as this one.
 *
 * <p>It reads its standard input to notice when this process is gone, and says on its standard output when it is ready;
 * whatever else it prints appears here.
 *
 * <p><b>Threads:</b> any.
 */
final class ServerProcess {

    /** The line with which it says that it serves. */
    static final String READY = "shmipc-sample-server-ready";

    private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
    /** Where native code may lie: what helped this process helps the other. */
    private static final List<String> INHERITED_PROPERTIES =
            List.of("java.io.tmpdir", "jna.tmpdir", "jna.boot.library.path", "jna.nosys", "jna.noclasspath");

    private static final int FIRST_JDK_THAT_WARNS_OF_NATIVE_ACCESS = 24;

    private final Process process;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private ServerProcess(Process process) {
        this.process = process;
    }

    /** Starts the process with the directory of its sockets. */
    static ServerProcess start(String directory) {
        try {
            ServerProcess server = new ServerProcess(new ProcessBuilder(command(directory))
                    .redirectErrorStream(true)
                    .start());
            Thread output = new Thread(server::forwardOutput, "server-output-" + server.pid());
            output.setDaemon(true);
            output.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("The server's process could not be started", e);
        }
    }

    private static List<String> command(String directory) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx128m");
        command.add("-XX:+UseSerialGC");
        // Its file in /tmp would outlive a process that is killed.
        command.add("-XX:-UsePerfData");
        if (Runtime.version().feature() >= FIRST_JDK_THAT_WARNS_OF_NATIVE_ACCESS) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        for (String name : INHERITED_PROPERTIES) {
            String value = System.getProperty(name);
            if (value != null) {
                command.add("-D" + name + "=" + value);
            }
        }
        File source = new ApplicationHome(SampleApplication.class).getSource();
        command.addAll(
                source != null && source.isFile()
                        ? List.of("-jar", source.toString())
                        : List.of("-cp", System.getProperty("java.class.path"), SampleApplication.class.getName()));
        command.add("--spring.profiles.active=server,lab-server");
        command.add("--sample.directory=" + directory);
        return command;
    }

    private void forwardOutput() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(READY)) {
                    ready.complete(null);
                } else {
                    LOG.info("{}", line);
                }
            }
        } catch (IOException e) {
            LOG.debug("the output of process {} ended", pid(), e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Completes when it serves; does not if it ends before. */
    CompletableFuture<Void> ready() {
        return ready;
    }

    /** Completes with the exit code when it has ended. */
    CompletableFuture<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end in order. */
    void terminate() {
        // Process.destroy would close the pipe, too, which says that this process is gone.
        process.toHandle().destroy();
    }

    /** Ends it as {@code kill -9} does. */
    void kill() {
        process.toHandle().destroyForcibly();
    }
}
