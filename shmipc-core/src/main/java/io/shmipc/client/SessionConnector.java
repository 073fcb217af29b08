package io.shmipc.client;

import io.shmipc.ConnectException;
import io.shmipc.Network;
import io.shmipc.Reason;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.channel.Connection;
import io.shmipc.channel.Ends;
import io.shmipc.session.ClientHandshake;
import io.shmipc.session.SessionListener;
import io.shmipc.session.SessionMemory;
import io.shmipc.session.ShmipcSession;
import io.shmipc.shm.QueuePair;
import io.shmipc.shm.SharedMemory;
import io.shmipc.shm.SharedRegion;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.Errno;
import io.shmipc.sys.NativeException;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Makes sessions: connects, creates the queues, performs the handshake.
 *
 * <p><b>Threads:</b> any; it blocks up to the connection write and the initialise time-out.
 */
final class SessionConnector {

    /**
     * A server allows about a second for the whole handshake. Whether one is there is asked before memory is taken, and
     * where that took longer than this the connection is made again.
     */
    private static final long FRESH_NANOS = Duration.ofMillis(250).toNanos();

    private final ShmipcAddress address;
    private final ShmipcConfig config;
    private final RegionSource regions;

    /** Where the first session's queues lie, if the configuration says so; it is taken once. */
    private final AtomicReference<@Nullable String> queuePath;

    SessionConnector(ShmipcAddress address, ShmipcConfig config, RegionSource regions) {
        this.address = address;
        this.config = config;
        this.regions = regions;
        this.queuePath = new AtomicReference<>(config.queuePath());
    }

    /**
     * Opens a session.
     *
     * @throws ConnectException if nobody listens, or the handshake fails
     * @throws io.shmipc.SharedMemoryException if the memory cannot be had
     */
    ShmipcSession connect(SessionListener listener) {
        Descriptor socket = dial();
        long dialedNanos = System.nanoTime();
        SessionMemory memory;
        try {
            memory = createMemory();
        } catch (RuntimeException | Error e) {
            socket.close();
            throw e;
        }
        Connection connection = null;
        try {
            if (System.nanoTime() - dialedNanos > FRESH_NANOS) {
                socket.close();
                socket = dial();
            }
            Ends ends = ends(socket);
            connection = new Connection(socket, ends.local(), ends.remote(), config.connectionWriteTimeout());
            ClientHandshake.perform(connection, config.memoryType(), memory, config.initializeTimeout());
        } catch (RuntimeException | Error e) {
            if (connection == null) {
                socket.close();
            } else {
                connection.close();
            }
            memory.releaseAll();
            throw e;
        }
        return ShmipcSession.begin(true, config, connection, memory, listener, Integer.MAX_VALUE);
    }

    private SessionMemory createMemory() {
        SharedRegion region = regions.acquire();
        try {
            String configured = queuePath.getAndSet(null);
            String name = configured == null ? regions.nextQueueName() : configured;
            SharedMemory queues = SharedMemory.create(
                    config.memoryType(), name, QueuePair.mappingBytes(config.queueCapacity()), config.fileMode());
            return new SessionMemory(
                    region,
                    queues,
                    QueuePair.format(queues.bytes(), config.queueCapacity()),
                    queues::release,
                    region.memory()::release);
        } catch (RuntimeException | Error e) {
            region.memory().release();
            throw e;
        }
    }

    private Descriptor dial() {
        long timeoutNanos = config.connectionWriteTimeout().toNanos();
        try {
            return address.network() == Network.UNIX
                    ? Sockets.connectUnix(address.target(), timeoutNanos)
                    : Sockets.connectTcp(address.target(), address.port(), timeoutNanos);
        } catch (IOException e) {
            throw noConnection(e);
        }
    }

    private Ends ends(Descriptor socket) {
        try {
            return Ends.ofDialed(socket, address);
        } catch (IOException e) {
            throw noConnection(e);
        }
    }

    private ConnectException noConnection(IOException e) {
        return new ConnectException(Reason.CONNECTION_FAILED, "No connection to " + address + ": " + advice(e), e);
    }

    private static String advice(IOException e) {
        int errno = e instanceof NativeException n ? n.errno() : 0;
        return e.getMessage()
                + switch (errno) {
                    case Errno.ECONNREFUSED, Errno.ENOENT -> ". Start the server, or correct the address.";
                    case Errno.EACCES, Errno.EPERM -> ". Give this user write permission on the socket.";
                    default -> ".";
                };
    }
}
