package io.shmipc.socket;

import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The options that software sets on sockets: kept and given back, since memory has no use for most of them.
 *
 * <p><b>Threads:</b> any.
 */
abstract class OptionHolder extends SocketImpl {

    /** What a socket says its buffers hold before anybody sets a size. */
    private static final int BUFFER_BYTES = 1 << 16;

    private static final Map<SocketOption<?>, Integer> IDS = Map.of(
            StandardSocketOptions.TCP_NODELAY, SocketOptions.TCP_NODELAY,
            StandardSocketOptions.SO_KEEPALIVE, SocketOptions.SO_KEEPALIVE,
            StandardSocketOptions.SO_LINGER, SocketOptions.SO_LINGER,
            StandardSocketOptions.SO_RCVBUF, SocketOptions.SO_RCVBUF,
            StandardSocketOptions.SO_SNDBUF, SocketOptions.SO_SNDBUF,
            StandardSocketOptions.SO_REUSEADDR, SocketOptions.SO_REUSEADDR,
            StandardSocketOptions.IP_TOS, SocketOptions.IP_TOS);

    private static final Map<Integer, Object> DEFAULTS = Map.of(
            SocketOptions.TCP_NODELAY,
            true,
            SocketOptions.SO_KEEPALIVE,
            false,
            SocketOptions.SO_LINGER,
            -1,
            SocketOptions.SO_RCVBUF,
            BUFFER_BYTES,
            SocketOptions.SO_SNDBUF,
            BUFFER_BYTES,
            SocketOptions.SO_REUSEADDR,
            false,
            SocketOptions.IP_TOS,
            0,
            SocketOptions.SO_OOBINLINE,
            false,
            SocketOptions.SO_TIMEOUT,
            0);

    private final Map<Integer, Object> values = new ConcurrentHashMap<>(DEFAULTS);
    private final Map<SocketOption<?>, Object> others = new ConcurrentHashMap<>();

    /** Returns for how long a read or an accept waits, 0 for ever. */
    final int timeoutMillis() {
        return values.get(SocketOptions.SO_TIMEOUT) instanceof Integer millis ? millis : 0;
    }

    @Override
    public void setOption(int id, Object value) throws SocketException {
        if (values.containsKey(id)) {
            // "Do not linger" comes as FALSE and is asked for as a number.
            values.put(id, id == SocketOptions.SO_LINGER && value instanceof Boolean ? -1 : value);
        }
    }

    @Override
    public Object getOption(int id) throws SocketException {
        if (id == SocketOptions.SO_BINDADDR) {
            return InetAddress.getLoopbackAddress();
        }
        Object value = values.get(id);
        if (value == null) {
            throw new SocketException("A socket over shared memory has no option " + id + ".");
        }
        return value;
    }

    @Override
    protected <T> void setOption(SocketOption<T> option, T value) throws SocketException {
        Integer id = IDS.get(option);
        if (id == null) {
            others.put(option, value);
        } else {
            setOption(id, value);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // whoever set it had to give a T
    protected <T> T getOption(SocketOption<T> option) throws SocketException {
        Integer id = IDS.get(option);
        Object value = id == null ? others.get(option) : getOption(id);
        if (value == null) {
            throw new UnsupportedOperationException("Nobody has set option " + option + " of this socket.");
        }
        return (T) value;
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return IDS.keySet();
    }

    @Override
    protected void create(boolean stream) {}

    @Override
    protected void sendUrgentData(int data) throws SocketException {
        throw new SocketException("Shared memory carries no urgent data.");
    }
}
