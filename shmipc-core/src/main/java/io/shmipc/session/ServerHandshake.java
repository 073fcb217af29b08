package io.shmipc.session;

import io.shmipc.ConnectException;
import io.shmipc.ProtocolException;
import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.channel.Connection;
import io.shmipc.channel.EventLoop;
import io.shmipc.channel.MessageHandler;
import io.shmipc.channel.MessageType;
import io.shmipc.layout.MessageLayout;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The server's half of the handshake that {@link ClientHandshake} draws, as a state machine on the event loop.
 *
 * <p>It never blocks: a client that says nothing costs a descriptor until its time is up, and delays nobody.
 *
 * <p><b>Threads:</b> the event loop's.
 */
public final class ServerHandshake implements MessageHandler {

    /** Maps what a client shares; owned here, provided above. */
    public interface Mapper {

        /** Maps files that a client named. */
        SessionMemory mapFiles(Connection connection, String queuePath, String bufferPath) throws IOException;

        /** Maps memfds that a client passed, which it owns from now on. */
        SessionMemory mapMemfds(String queueName, Descriptor queue, String bufferName, Descriptor buffer)
                throws IOException;
    }

    /** What a handshake leads to; owned here, provided above. */
    public interface Outcome {

        /** Takes over connection and memory; called once, unless {@link #failed} is. */
        void succeeded(ServerHandshake handshake, Connection connection, SessionMemory memory);

        /** Called once, unless {@link #succeeded} is; the connection is closed. */
        void failed(ServerHandshake handshake, ShmipcException reason);
    }

    private enum Step {
        FIRST_MESSAGE,
        MEMORY_NAMES,
        DESCRIPTORS,
        DONE
    }

    private final Connection connection;
    private final EventLoop loop;
    private final Mapper mapper;
    private final Outcome outcome;

    /** What the timer knows of this handshake: nothing once it is done, so that no ended connection stays till then. */
    private final AtomicReference<@Nullable ServerHandshake> underWay = new AtomicReference<>(this);

    private Step step = Step.FIRST_MESSAGE;
    private String queueName = "";
    private String bufferName = "";
    private @Nullable SessionMemory memory;
    private long key;

    private ServerHandshake(Connection connection, EventLoop loop, Mapper mapper, Outcome outcome) {
        this.connection = connection;
        this.loop = loop;
        this.mapper = mapper;
        this.outcome = outcome;
    }

    /** Begins a handshake on an accepted connection; call on the event loop. */
    public static ServerHandshake begin(
            Connection connection, EventLoop loop, Duration timeout, Mapper mapper, Outcome outcome) {
        ServerHandshake handshake = new ServerHandshake(connection, loop, mapper, outcome);
        try {
            handshake.key = loop.register(connection.socket(), handshake::onReady);
            AtomicReference<@Nullable ServerHandshake> underWay = handshake.underWay;
            loop.schedule(timeout.toNanos(), () -> giveUp(underWay, timeout));
        } catch (IOException e) {
            handshake.fail(String.valueOf(e.getMessage()), e);
        }
        return handshake;
    }

    private static void giveUp(AtomicReference<@Nullable ServerHandshake> underWay, Duration timeout) {
        ServerHandshake handshake = underWay.get();
        if (handshake != null) {
            handshake.giveUp("it took longer than " + timeout);
        }
    }

    /** Returns whether the handshake has ended, one way or the other. */
    public boolean isDone() {
        return step == Step.DONE;
    }

    /** Ends the handshake if it is still under way; call on the event loop. */
    public void giveUp(String reason) {
        if (step != Step.DONE) {
            fail(reason, null);
        }
    }

    private void onReady() {
        try {
            while (step != Step.DONE && memory == null) {
                if (step == Step.DESCRIPTORS) {
                    if (!receiveDescriptors()) {
                        return;
                    }
                } else {
                    switch (connection.receiveOne(this)) {
                        case SOME, ALL -> {}
                        case NOTHING -> {
                            return;
                        }
                        case END -> throw new IOException("the client hung up");
                    }
                }
            }
        } catch (Throwable e) { // one for which there is no memory fails like any other
            fail(String.valueOf(e.getMessage()), e);
        }
        SessionMemory mapped = memory;
        if (step != Step.DONE && mapped != null) {
            succeed(mapped);
        }
    }

    @Override
    public void onMessage(MessageType type, int version, ByteBuffer payload) {
        if (step == Step.FIRST_MESSAGE) {
            onFirstMessage(type, version, payload);
        } else {
            onMemoryNames(type, payload);
        }
    }

    private void onFirstMessage(MessageType type, int version, ByteBuffer payload) {
        if (version == ClientHandshake.FILE_VERSION && type == MessageType.SHARE_MEMORY_BY_FILE_PATH) {
            connection.version(version);
            readNames(payload);
            mapFiles();
        } else if (version == ClientHandshake.MEMFD_VERSION && type == MessageType.EXCHANGE_PROTO_VERSION) {
            connection.version(version);
            connection.post(MessageType.EXCHANGE_PROTO_VERSION);
            step = Step.MEMORY_NAMES;
        } else {
            throw new ProtocolException(
                    Reason.INVALID_VERSION,
                    "The client began with " + type + " of version " + version
                            + "; version 2 begins with SHARE_MEMORY_BY_FILE_PATH, version 3 with"
                            + " EXCHANGE_PROTO_VERSION.");
        }
    }

    private void onMemoryNames(MessageType type, ByteBuffer payload) {
        switch (type) {
            case SHARE_MEMORY_BY_FILE_PATH -> {
                readNames(payload);
                mapFiles();
                connection.post(MessageType.ACK_SHARE_MEMORY);
            }
            case SHARE_MEMORY_BY_MEMFD -> {
                readNames(payload);
                connection.post(MessageType.ACK_READY_RECV_FD);
                step = Step.DESCRIPTORS;
            }
            default ->
                throw new ProtocolException(
                        Reason.INVALID_MESSAGE_TYPE, "The client sent " + type + " where it must name its memory.");
        }
    }

    private void readNames(ByteBuffer payload) {
        queueName = readName(payload);
        bufferName = readName(payload);
        if (payload.hasRemaining()) {
            throw new ProtocolException(
                    Reason.PROTOCOL_VIOLATION,
                    payload.remaining() + " bytes follow the names of the memory, where the message must end.");
        }
    }

    private static String readName(ByteBuffer payload) {
        int bytes = payload.remaining() < MessageLayout.PATH_LENGTH_BYTES
                ? Integer.MAX_VALUE
                : Short.toUnsignedInt(payload.getShort());
        if (bytes > payload.remaining()) {
            throw new ProtocolException(Reason.PROTOCOL_VIOLATION, "A name of memory ends behind its message.");
        }
        byte[] name = new byte[bytes];
        payload.get(name);
        String text = new String(name, StandardCharsets.UTF_8);
        if (text.chars().anyMatch(Character::isISOControl)) {
            // It is told in messages and logs, where it must not begin a line of its own.
            throw new ProtocolException(
                    Reason.PROTOCOL_VIOLATION, "A name of memory has a control character, which no name may have.");
        }
        return text;
    }

    private void mapFiles() {
        try {
            memory = mapper.mapFiles(connection, queueName, bufferName);
        } catch (IOException e) {
            throw new ConnectException(
                    Reason.ACCESS_DENIED, "The client's memory cannot be opened: " + e.getMessage(), e);
        }
    }

    private boolean receiveDescriptors() throws IOException {
        @Nullable Descriptor[] descriptors = new Descriptor[2];
        int count = connection.receiveDescriptors(descriptors);
        if (count == Sockets.WOULD_BLOCK) {
            return false;
        }
        Descriptor buffer = descriptors[0];
        Descriptor queue = descriptors[1];
        if (buffer == null || queue == null || count > descriptors.length) {
            for (Descriptor passed : descriptors) {
                if (passed != null) {
                    passed.close();
                }
            }
            throw new ProtocolException(
                    Reason.PROTOCOL_VIOLATION, "The client passed " + Math.max(0, count) + " descriptors, not two.");
        }
        memory = mapper.mapMemfds(queueName, queue, bufferName, buffer);
        connection.post(MessageType.ACK_SHARE_MEMORY);
        return true;
    }

    private void succeed(SessionMemory mapped) {
        step = Step.DONE;
        underWay.set(null);
        memory = null;
        loop.unregister(connection.socket(), key);
        outcome.succeeded(this, connection, mapped);
    }

    private void fail(String reason, @Nullable Throwable cause) {
        step = Step.DONE;
        underWay.set(null);
        SessionMemory mapped = memory;
        if (mapped != null) {
            mapped.releaseAll();
        }
        loop.unregister(connection.socket(), key);
        connection.close();
        outcome.failed(
                this,
                new ConnectException(
                        Reason.HANDSHAKE_FAILED,
                        "The handshake with " + connection.remoteAddress() + " broke off: " + reason,
                        cause));
    }

    @Override
    public void onFallback(int streamId, int status, int bytes) {
        throw new ProtocolException(Reason.INVALID_MESSAGE_TYPE, "The client sent FALLBACK_DATA in its handshake.");
    }

    @Override
    public void onFallbackPart(ByteBuffer part, boolean last) {}
}
