package io.shmipc.server;

import io.shmipc.AddressException;
import io.shmipc.ListenCallback;
import io.shmipc.Network;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.channel.EventLoop;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.Errno;
import io.shmipc.sys.FileFacts;
import io.shmipc.sys.FileIdentity;
import io.shmipc.sys.NativeException;
import io.shmipc.sys.SharedFiles;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for clients and hands the streams that they open to a callback.
 *
 * <pre>
 * new ──start──► running ──close──► closed          not restartable: make another one
 * </pre>
 *
 * <p><b>Threads:</b> any.
 */
public final class Listener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final long CLOSE_TIMEOUT_MILLIS = 2_000;

    /** Permission bits of the socket: its owner only. */
    private static final int SOCKET_MODE = 0600;

    private enum State {
        NEW,
        RUNNING,
        CLOSED
    }

    private final ListenCallback callback;
    private final ListenerConfig config;
    private State state = State.NEW;
    private boolean unlinkOnClose = true;
    private @Nullable Acceptor acceptor;
    private @Nullable EventLoop loop;
    private @Nullable Descriptor socket;
    private @Nullable FileIdentity socketFile;
    private ShmipcAddress address;

    public Listener(ListenCallback callback, ListenerConfig config) {
        this.callback = callback;
        this.config = config;
        this.address = config.address();
    }

    /**
     * Binds the address and begins to accept clients.
     *
     * @throws AddressException if the address is in use or cannot be bound
     * @throws io.shmipc.UnsupportedPlatformException if this machine cannot run shmipc
     * @throws IllegalStateException if it was started before
     */
    public synchronized void start() {
        if (state != State.NEW) {
            throw new IllegalStateException("The listener on " + address + " was started before: make another one.");
        }
        EventLoop eventLoop = EventLoop.acquire();
        try {
            Descriptor bound = bind();
            socket = bound;
            Acceptor accepting = new Acceptor(bound, address, config, callback, eventLoop);
            accepting.start();
            acceptor = accepting;
            loop = eventLoop;
            state = State.RUNNING;
            LOG.debug("listening on {}", address);
        } catch (IOException e) {
            closeSocket();
            EventLoop.release();
            throw new AddressException(Reason.ADDRESS_UNUSABLE, "Cannot listen on " + address + ": " + advice(e), e);
        }
    }

    private Descriptor bind() throws IOException {
        if (address.network() == Network.UNIX) {
            Descriptor bound = Sockets.listenUnix(address.target(), config.backlog(), SOCKET_MODE);
            socketFile = address.target().startsWith("@")
                    ? null
                    : FileFacts.at(Path.of(address.target())).identity();
            return bound;
        }
        Descriptor bound = Sockets.listenTcp(address.target(), address.port(), config.backlog());
        address = ShmipcAddress.tcp(address.target(), Sockets.localPort(bound));
        return bound;
    }

    private static String advice(IOException e) {
        int errno = e instanceof NativeException n ? n.errno() : 0;
        return e.getMessage()
                + switch (errno) {
                    case Errno.EADDRINUSE -> ". Stop the other process, or choose another address.";
                    case Errno.ENOENT, Errno.ENOTDIR -> ". Create the directory, or choose an existing one.";
                    case Errno.EACCES, Errno.EPERM -> ". Give this user write permission on the directory.";
                    case Errno.EADDRNOTAVAIL -> ". Choose an address of this machine, such as 127.0.0.1.";
                    default -> ".";
                };
    }

    /** Returns whether clients are accepted. */
    public synchronized boolean isRunning() {
        return state == State.RUNNING;
    }

    /** Returns the address; once started, with the port that was bound. */
    public synchronized ShmipcAddress address() {
        return address;
    }

    /** Returns the sessions that are open. */
    public synchronized List<Session> sessions() {
        Acceptor current = acceptor;
        return current == null ? List.of() : current.sessions();
    }

    /** Sets whether {@link #close()} removes the socket file; default true, false hands it to a successor. */
    public synchronized void setUnlinkOnClose(boolean unlink) {
        unlinkOnClose = unlink;
    }

    /** Returns what this listener was made with. */
    public ListenerConfig config() {
        return config;
    }

    /** Stops accepting, closes all sessions, and removes the socket file if it is still this listener's. */
    @Override
    public synchronized void close() {
        State before = state;
        state = State.CLOSED;
        Acceptor current = acceptor;
        EventLoop eventLoop = loop;
        if (before != State.RUNNING || current == null || eventLoop == null) {
            return;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        eventLoop.execute(() -> {
            current.stop();
            stopped.countDown();
        });
        if (!eventLoop.isCurrentThread()) {
            awaitEnd(stopped, current);
        }
        closeSocket();
        EventLoop.release();
        callback.onShutdown("the listener on " + address + " was closed");
    }

    private static void awaitEnd(CountDownLatch stopped, Acceptor acceptor) {
        try {
            if (stopped.await(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                acceptor.awaitSessions(CLOSE_TIMEOUT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Removes the file first: once the socket is closed, another file may get the same inode number. */
    private void closeSocket() {
        Descriptor bound = socket;
        FileIdentity file = socketFile;
        if (file != null && unlinkOnClose) {
            try {
                SharedFiles.unlinkIfSame(Path.of(address.target()), file);
            } catch (IOException e) {
                LOG.warn("cannot remove the socket {}", address, e);
            }
        }
        if (bound != null) {
            bound.close();
        }
    }
}
