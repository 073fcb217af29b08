package io.shmipc;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens: a unix socket path, or a TCP host and port on this machine.
 *
 * <p>Written as {@code unix:/run/app/shmipc.sock}, {@code tcp:127.0.0.1:7070} or {@code tcp:[::1]:7070}; a text that
 * begins with {@code /} is a unix socket path.
 *
 * @param network kind of connection
 * @param target path of the socket, or host name or address without brackets
 * @param port TCP port, 0 for any free port when listening; 0 for unix
 */
public record ShmipcAddress(Network network, String target, int port) {

    /** Longest socket path in bytes: {@code sun_path} holds 108 with its terminator. */
    public static final int MAX_UNIX_PATH_BYTES = 107;

    private static final int MAX_PORT = 65_535;

    public ShmipcAddress {
        if (target.isEmpty()) {
            throw invalid(network + " address without a target");
        }
        if (network == Network.UNIX && target.getBytes(StandardCharsets.UTF_8).length > MAX_UNIX_PATH_BYTES) {
            throw new InvalidConfigException(
                    "address",
                    "'" + target + "'",
                    "be at most " + MAX_UNIX_PATH_BYTES + " bytes long, the limit of a unix socket path",
                    "Choose a shorter directory");
        }
        if (port < 0 || port > MAX_PORT) {
            throw invalid(network + " address with port " + port);
        }
    }

    /** Returns the address of a unix socket. */
    public static ShmipcAddress unix(Path path) {
        return new ShmipcAddress(Network.UNIX, path.toString(), 0);
    }

    /** Returns a TCP address. */
    public static ShmipcAddress tcp(String host, int port) {
        return new ShmipcAddress(Network.TCP, host, port);
    }

    /**
     * Reads an address from its written form.
     *
     * @throws InvalidConfigException if the text is none of the forms above
     */
    public static ShmipcAddress parse(String text) {
        if (text.startsWith("/")) {
            return new ShmipcAddress(Network.UNIX, text, 0);
        }
        String afterUnix = afterScheme(text, "unix:");
        if (afterUnix != null) {
            return new ShmipcAddress(Network.UNIX, afterUnix, 0);
        }
        String afterTcp = afterScheme(text, "tcp:");
        int colon = afterTcp == null ? -1 : afterTcp.lastIndexOf(':');
        if (afterTcp == null || colon <= 0) {
            throw invalid("'" + text + "'");
        }
        String host = afterTcp.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return new ShmipcAddress(Network.TCP, host, Integer.parseInt(afterTcp.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw invalid("'" + text + "'");
        }
    }

    private static @Nullable String afterScheme(String text, String scheme) {
        if (!text.startsWith(scheme)) {
            return null;
        }
        String rest = text.substring(scheme.length());
        return rest.startsWith("//") ? rest.substring(2) : rest;
    }

    private static InvalidConfigException invalid(String value) {
        return new InvalidConfigException(
                "address",
                value,
                "be unix:/path, /path or tcp:host:port with a port up to " + MAX_PORT,
                "Write for instance unix:/tmp/app.sock or tcp:127.0.0.1:7070");
    }

    @Override
    public String toString() {
        if (network == Network.UNIX) {
            return "unix:" + target;
        }
        return "tcp:" + (target.indexOf(':') >= 0 ? "[" + target + "]" : target) + ":" + port;
    }
}
