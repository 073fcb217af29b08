package io.shmipc.sample.lab.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Keeps one server process running, as systemd or Kubernetes do it elsewhere: starts it again when it ends, and
 * replaces it by a successor without a pause.
 *
 * <p><b>Threads:</b> any.
 */
@Component
@Profile("lab")
public final class ServerSupervisor implements SmartLifecycle, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(ServerSupervisor.class);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final long STOP_TIMEOUT_SECONDS = 10;
    private static final long RESTART_DELAY_MILLIS = 100;
    private static final int MAX_FAILED_STARTS = 3;
    private static final int EXIT_AFTER_SIGINT = 130;

    private final String directory;
    private final ScheduledExecutorService restarts;
    private final AtomicInteger failedStarts = new AtomicInteger();
    private volatile @Nullable ServerProcess current;
    private volatile boolean running;
    private volatile int restartCount;

    ServerSupervisor(@Value("${sample.directory}") String directory) {
        this.directory = directory;
        this.restarts = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "server-supervisor");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts the server, and does not wait until it serves. */
    @Override
    public synchronized void start() {
        if (!running) {
            running = true;
            current = launch();
        }
    }

    private ServerProcess launch() {
        ServerProcess server = ServerProcess.start(directory);
        Future<?> unusedReady = server.ready().thenRun(() -> failedStarts.set(0));
        Future<?> unusedExit = server.exit().thenAccept(code -> ended(server, code));
        return server;
    }

    private void ended(ServerProcess server, int exitCode) {
        // Ctrl-C goes to all processes of the terminal: this one is about to end, too.
        if (!running || server != current || exitCode == EXIT_AFTER_SIGINT) {
            return;
        }
        if (!server.ready().isDone() && failedStarts.incrementAndGet() >= MAX_FAILED_STARTS) {
            LOG.error(
                    "The server process ended {} times before it served, at last with exit code {}: what it printed is above. Start again when that is mended.",
                    MAX_FAILED_STARTS,
                    exitCode);
            return;
        }
        Future<?> unused = restarts.schedule(this::restart, RESTART_DELAY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void restart() {
        ServerProcess before = current;
        if (running && before != null && !before.isAlive()) {
            restartCount++;
            current = launch();
        }
    }

    /** Returns the server's process id, or 0 while none runs. */
    public long pid() {
        ServerProcess server = current;
        return server != null && server.isAlive() ? server.pid() : 0;
    }

    /** Returns the directory of the server's sockets. */
    public String directory() {
        return directory;
    }

    /** Returns how often another process has taken the first one's place. */
    public int restartCount() {
        return restartCount;
    }

    /** Ends the server as {@code kill -9} does; another one is started in its place. */
    public void kill() {
        ServerProcess server = current;
        if (server != null) {
            server.kill();
        }
    }

    /**
     * Starts a successor beside the server, then tells the server to end, which sends its clients to the successor.
     *
     * @throws IllegalStateException if the successor does not serve in time, or the server does not end
     */
    public synchronized void replace() throws InterruptedException {
        ServerProcess before = current;
        if (!running || before == null || !before.isAlive()) {
            throw new IllegalStateException("No server runs that could be replaced: wait until it is back.");
        }
        ServerProcess successor = launch();
        if (!await(CompletableFuture.anyOf(successor.ready(), successor.exit()), START_TIMEOUT)
                || !successor.ready().isDone()) {
            successor.kill();
            throw new IllegalStateException("The successor did not begin to serve; its output is on the console.");
        }
        current = successor;
        restartCount++;
        before.terminate();
        if (!await(before.exit(), START_TIMEOUT)) {
            before.kill();
            throw new IllegalStateException("Process " + before.pid() + " did not end when it was told to.");
        }
    }

    private static boolean await(CompletableFuture<?> future, Duration timeout) throws InterruptedException {
        try {
            future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Lets it be when it ends from now on. */
    @Override
    public void stop() {
        running = false;
    }

    /** Ends the server, after the sessions with it were closed, see {@link SessionsEndFirst}. */
    @Override
    public void destroy() {
        running = false;
        restarts.shutdownNow();
        ServerProcess server = current;
        if (server == null) {
            return;
        }
        server.terminate();
        try {
            if (!await(server.exit(), Duration.ofSeconds(STOP_TIMEOUT_SECONDS))) {
                server.kill();
            }
        } catch (InterruptedException e) {
            server.kill();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
