package io.shmipc.socket;

import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The stream under a socket: opened when the socket connects, or taken from a server socket's backlog.
 *
 * <p><b>Threads:</b> any; {@link java.net.Socket} sees to it that it is connected once.
 */
final class StreamSocketImpl extends OptionHolder {

    /** A flush that meets a full queue waits as long as TCP would: practically for ever, but not beyond a close. */
    private static final Duration WRITE_PATIENCE = Duration.ofDays(3650);

    private final @Nullable StreamOpener opener;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean closed;
    private volatile @Nullable Connected connected;

    /** What there is once the socket is connected. */
    private record Connected(Stream stream, StreamInput input, StreamOutput output, Runnable onClose) {}

    /**
     * @param opener opens the stream; null for an impl that a server socket connects
     */
    StreamSocketImpl(@Nullable StreamOpener opener) {
        this.opener = opener;
    }

    /** Returns the stream, also when it is closed; null before the socket is connected. */
    @Nullable
    Stream stream() {
        Connected current = connected;
        return current == null ? null : current.stream();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    protected void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
        if (opener == null || !(endpoint instanceof InetSocketAddress named)) {
            throw new SocketException("This socket is for a server socket to connect.");
        }
        address = named.getAddress();
        port = named.getPort();
        try {
            attach(opener.open(), () -> {});
        } catch (ShmipcException e) {
            ConnectException refused = new ConnectException(e.getMessage());
            refused.initCause(e);
            throw refused;
        }
    }

    @Override
    protected void connect(String host, int hostPort) throws IOException {
        connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), hostPort), 0);
    }

    @Override
    protected void connect(InetAddress host, int hostPort) throws IOException {
        connect(new InetSocketAddress(host, hostPort), 0);
    }

    /** Takes a stream that a server socket accepted. */
    void accepted(Stream stream, int listeningPort, Runnable onClose) {
        address = InetAddress.getLoopbackAddress();
        localport = listeningPort;
        attach(stream, onClose);
    }

    private void attach(Stream stream, Runnable onClose) {
        stream.setWriteDeadline(Instant.now().plus(WRITE_PATIENCE));
        Pacing pacing = new Pacing(stream.session(), () -> !isClosed());
        StreamInput input = new StreamInput(this, stream, pacing);
        connected = new Connected(stream, input, new StreamOutput(this, stream, input, pacing), onClose);
        if (isClosed()) {
            end();
        }
    }

    private void end() {
        Connected current = connected;
        if (current != null && ended.compareAndSet(false, true)) {
            current.stream().close();
            current.onClose().run();
        }
    }

    private Connected connected() throws SocketException {
        Connected current = connected;
        if (current == null) {
            throw new SocketException("Socket is not connected");
        }
        return current;
    }

    @Override
    protected InputStream getInputStream() throws SocketException {
        return connected().input();
    }

    @Override
    protected OutputStream getOutputStream() throws SocketException {
        return connected().output();
    }

    @Override
    protected int available() throws IOException {
        return connected().input().available();
    }

    @Override
    protected void shutdownInput() throws IOException {
        connected().input().shutdown();
    }

    @Override
    protected void shutdownOutput() throws IOException {
        connected().output().shutdown();
    }

    /** Closes the stream, which wakes the threads that read or write it. */
    @Override
    protected void close() {
        closed = true;
        end();
    }

    @Override
    protected void bind(InetAddress host, int hostPort) {
        localport = hostPort;
    }

    @Override
    protected void listen(int backlog) throws SocketException {
        throw new SocketException("This socket does not listen: use a ShmipcServerSocket.");
    }

    @Override
    protected void accept(SocketImpl other) throws SocketException {
        throw new SocketException("This socket does not accept: use a ShmipcServerSocket.");
    }
}
