package io.shmipc.sys;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The address of a socket as the kernel reads it; ports are big-endian.
 *
 * <pre>
 * struct sockaddr_un  { u16 family; char path[108]; }                                        0, 2
 * struct sockaddr_in  { u16 family; u16 port; u8 address[4]; char zero[8]; }                 0, 2, 4
 * struct sockaddr_in6 { u16 family; u16 port; u32 flow; u8 address[16]; u32 scope; }         0, 2, 4, 8, 24
 * </pre>
 *
 * @param struct the bytes
 * @param length how many of them count
 * @param family AF_UNIX, AF_INET or AF_INET6
 * @param text the address for people
 */
record SocketName(NativeBuffer struct, int length, int family, String text) {
    static final int MAX_BYTES = 128;

    private static final int PATH = 2;
    private static final int PATH_BYTES = 108;
    private static final int PORT = 2;

    /** Names a unix socket: a path, or after a leading '@' a name in the abstract namespace. */
    static SocketName unix(String path) throws NativeException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || path.indexOf('\0') >= 0) {
            throw new NativeException("socket address", path, Errno.EINVAL);
        }
        if (name.length >= PATH_BYTES) {
            throw new NativeException(
                    "socket address", path + ", at most " + (PATH_BYTES - 1) + " bytes", Errno.ENAMETOOLONG);
        }
        boolean isAbstract = isAbstract(path);
        if (isAbstract) {
            name[0] = 0;
        }
        NativeBuffer struct = family(Libc.AF_UNIX);
        struct.bytes().put(PATH, name);
        return new SocketName(struct, PATH + name.length + (isAbstract ? 0 : 1), Libc.AF_UNIX, path);
    }

    /** Names a TCP socket. */
    static SocketName tcp(InetAddress address, int port) {
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        byte[] raw = address.getAddress();
        boolean v6 = address instanceof Inet6Address;
        NativeBuffer struct = family(v6 ? Libc.AF_INET6 : Libc.AF_INET);
        ByteBuffer bytes = struct.bytes();
        bytes.put(PORT, (byte) (port >> 8)).put(PORT + 1, (byte) port).put(v6 ? 8 : 4, raw);
        if (address instanceof Inet6Address inet6) {
            bytes.putInt(24, inet6.getScopeId());
        }
        String text = (v6 ? "[" + address.getHostAddress() + "]" : address.getHostAddress()) + ":" + port;
        return new SocketName(struct, v6 ? 28 : 16, v6 ? Libc.AF_INET6 : Libc.AF_INET, text);
    }

    /** Tells whether a name of a unix socket is in the abstract namespace, where nothing is left behind. */
    static boolean isAbstract(String path) {
        return path.startsWith("@");
    }

    /** Returns the TCP address at the beginning of a buffer, or null if it is of another family. */
    static @Nullable InetSocketAddress tcp(NativeBuffer struct) throws UnknownHostException {
        ByteBuffer bytes = struct.bytes();
        int family = bytes.getShort(0);
        boolean v6 = family == Libc.AF_INET6;
        if (family != Libc.AF_INET && !v6) {
            return null;
        }
        byte[] raw = new byte[v6 ? 16 : 4];
        bytes.get(v6 ? 8 : 4, raw);
        int port = Short.toUnsignedInt(
                bytes.duplicate().order(ByteOrder.BIG_ENDIAN).getShort(PORT));
        int scope = v6 ? bytes.getInt(24) : 0;
        InetAddress address = scope == 0 ? InetAddress.getByAddress(raw) : Inet6Address.getByAddress(null, raw, scope);
        return new InetSocketAddress(address, port);
    }

    private static NativeBuffer family(int family) {
        NativeBuffer struct = NativeBuffer.struct(MAX_BYTES);
        struct.bytes().putShort(0, (short) family);
        return struct;
    }
}
