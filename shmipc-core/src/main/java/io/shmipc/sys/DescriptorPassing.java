package io.shmipc.sys;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Descriptors through a unix socket: one message with one data byte and SCM_RIGHTS beside it.
 *
 * <pre>
 * struct msghdr  { void *name; u32 namelen; struct iovec *iov; size_t iovlen;
 *                  void *control; size_t controllen; int flags; }              56 bytes: 0, 8, 16, 24, 32, 40, 48
 * struct iovec   { void *base; size_t len; }                                   16 bytes: 0, 8
 * struct cmsghdr { size_t len; int level; int type; } then data, 8-aligned     16 bytes: 0, 8, 12
 * </pre>
 *
 * <p><b>Threads:</b> any.
 */
final class DescriptorPassing {
    /** The kernel's SCM_MAX_FD: with room for that many, what arrives is never cut off for want of room. */
    static final int MAX_DESCRIPTORS = 253;

    private static final int IOV = 16;
    private static final int IOV_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_BYTES = 40;
    private static final int FLAGS = 48;

    /** Where the parts lie in one buffer: the message header, the only iovec, the data byte, the control messages. */
    private static final int IOVEC_AT = 56;

    private static final int DATA_AT = 72;
    private static final int CONTROL_AT = 80;

    private static final int HEADER_BYTES = 16;
    private static final int HEADER_LEVEL = 8;
    private static final int HEADER_TYPE = 12;

    private DescriptorPassing() {}

    /** See {@link Sockets#sendDescriptors}. */
    static int send(Descriptor socket, int... fds) throws NativeException {
        if (fds.length == 0 || fds.length > MAX_DESCRIPTORS) {
            throw new IllegalArgumentException(
                    "one message carries 1 to " + MAX_DESCRIPTORS + " descriptors, not " + fds.length);
        }
        NativeBuffer message = message(align(HEADER_BYTES + fds.length * Integer.BYTES));
        ByteBuffer bytes = message.bytes();
        bytes.putLong(CONTROL_AT, HEADER_BYTES + (long) fds.length * Integer.BYTES);
        bytes.putInt(CONTROL_AT + HEADER_LEVEL, Libc.SOL_SOCKET);
        bytes.putInt(CONTROL_AT + HEADER_TYPE, Libc.SCM_RIGHTS);
        for (int i = 0; i < fds.length; i++) {
            bytes.putInt(CONTROL_AT + HEADER_BYTES + i * Integer.BYTES, fds[i]);
        }
        int socketFd = socket.enter();
        try {
            long sent;
            do {
                sent = Libc.sendmsg(socketFd, message.address(), Libc.MSG_NOSIGNAL);
            } while (sent < 0 && Libc.interrupted());
            return sent < 0 ? Sockets.wouldBlock("sendmsg", socket) : (int) sent;
        } finally {
            socket.exit();
            Reference.reachabilityFence(message);
        }
    }

    /** See {@link Sockets#receiveDescriptors}. */
    static int receive(Descriptor socket, @Nullable Descriptor[] target) throws NativeException {
        NativeBuffer message = message(align(HEADER_BYTES + MAX_DESCRIPTORS * Integer.BYTES));
        int socketFd = socket.enter();
        try {
            long received;
            do {
                received = Libc.recvmsg(socketFd, message.address(), Libc.MSG_CMSG_CLOEXEC);
            } while (received < 0 && Libc.interrupted());
            if (received < 0) {
                return Sockets.wouldBlock("recvmsg", socket);
            }
            List<Descriptor> arrived = descriptors(message.bytes());
            if ((message.bytes().getInt(FLAGS) & Libc.MSG_CTRUNC) != 0) {
                arrived.forEach(Descriptor::close);
                throw new NativeException(
                        "recvmsg", socket.label() + ", " + arrived.size() + " descriptors accepted", Errno.EMFILE);
            }
            if (received == 0) {
                return Sockets.END_OF_STREAM;
            }
            return handOver(arrived, target);
        } finally {
            socket.exit();
            Reference.reachabilityFence(message);
        }
    }

    private static int handOver(List<Descriptor> arrived, @Nullable Descriptor[] target) {
        for (int i = 0; i < arrived.size(); i++) {
            if (i < target.length) {
                target[i] = arrived.get(i);
            } else {
                arrived.get(i).close();
            }
        }
        return arrived.size();
    }

    /** Takes over every descriptor that the kernel installed in this process. */
    private static List<Descriptor> descriptors(ByteBuffer message) {
        List<Descriptor> arrived = new ArrayList<>();
        int end = CONTROL_AT + (int) message.getLong(CONTROL_BYTES);
        int at = CONTROL_AT;
        while (at + HEADER_BYTES <= end) {
            int length = (int) message.getLong(at);
            if (message.getInt(at + HEADER_LEVEL) == Libc.SOL_SOCKET
                    && message.getInt(at + HEADER_TYPE) == Libc.SCM_RIGHTS) {
                for (int fd = at + HEADER_BYTES; fd + Integer.BYTES <= at + length; fd += Integer.BYTES) {
                    arrived.add(new Descriptor(message.getInt(fd), "received descriptor"));
                }
            }
            at += Math.max(align(length), HEADER_BYTES);
        }
        return arrived;
    }

    private static NativeBuffer message(int controlBytes) {
        NativeBuffer message = NativeBuffer.struct(CONTROL_AT + controlBytes);
        ByteBuffer bytes = message.bytes();
        bytes.putLong(IOV, message.address() + IOVEC_AT).putLong(IOV_COUNT, 1);
        bytes.putLong(CONTROL, message.address() + CONTROL_AT).putLong(CONTROL_BYTES, controlBytes);
        bytes.putLong(IOVEC_AT, message.address() + DATA_AT).putLong(IOVEC_AT + Long.BYTES, 1);
        return message;
    }

    private static int align(int bytes) {
        return (bytes + 7) & ~7;
    }
}
