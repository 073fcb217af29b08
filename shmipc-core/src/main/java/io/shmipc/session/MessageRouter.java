package io.shmipc.session;

import io.shmipc.ProtocolException;
import io.shmipc.Reason;
import io.shmipc.channel.MessageHandler;
import io.shmipc.channel.MessageType;
import io.shmipc.layout.QueueLayout;
import io.shmipc.shm.Slice;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the messages of an established session's connection to their streams.
 *
 * <p><b>Threads:</b> the holder of the session's consumer role.
 */
final class MessageRouter implements MessageHandler {

    private final ShmipcSession session;
    private final QueueCloses closes;
    private @Nullable ShmipcStream fallbackStream;
    private int fallbackState;

    MessageRouter(ShmipcSession session, QueueCloses closes) {
        this.session = session;
        this.closes = closes;
    }

    @Override
    public void onMessage(MessageType type, int version, ByteBuffer payload) {
        switch (type) {
            case POLLING -> session.onPolling();
            case STREAM_CLOSE -> {
                ShmipcStream stream = session.streams().find(payload.getInt(0));
                if (stream != null) {
                    stream.endByPeer(true);
                }
            }
            case HOT_RESTART -> {
                requireRole(type, session.isClient());
                session.listener().onHotRestart(session, payload.getLong(0));
            }
            case HOT_RESTART_ACK -> {
                requireRole(type, !session.isClient());
                session.listener().onHotRestartAck(session, payload.getLong(0));
            }
            default -> throw unexpected(type);
        }
    }

    private void requireRole(MessageType type, boolean right) {
        if (!right) {
            throw unexpected(type);
        }
    }

    private ProtocolException unexpected(MessageType type) {
        return new ProtocolException(
                Reason.INVALID_MESSAGE_TYPE,
                "The peer sent " + type + ", which a " + (session.isClient() ? "client" : "server")
                        + " does not receive after the handshake.");
    }

    @Override
    public void onFallback(int streamId, int status, int bytes) {
        fallbackState = status & QueueLayout.STATE_MASK;
        ShmipcStream stream = session.streams().findOrAccept(streamId, fallbackState);
        fallbackStream = stream;
        if (bytes > 0) {
            session.counters().fallbackReads.increment();
            // A stream that fell back before uses the connection for everything, and of one that was closed here nobody
            // knows whether it did: neither says that the peer ran out of memory.
            if (stream != null && !stream.writes().hasFallenBack()) {
                session.peerFellBack(bytes);
            }
        } else {
            fallbackStream = null;
            endFallback(stream, fallbackState);
        }
    }

    @Override
    public void onFallbackPart(ByteBuffer part, boolean last) {
        closes.fallbackArrived();
        ShmipcStream stream = fallbackStream;
        int state = fallbackState;
        if (last) {
            fallbackStream = null;
        }
        if (stream != null && state != StreamState.CLOSED) {
            stream.writes().fallBack();
            Slice slice = stream.reads().hasOverflowed()
                    ? null
                    : session.unreadFallback().take(stream, part);
            if (slice != null) {
                session.counters().addInFlowBytes(slice.capacity());
                stream.deliver(slice, last && state == StreamState.HALF_CLOSED);
            }
        }
        if (last) {
            endFallback(stream, state);
        }
    }

    private static void endFallback(@Nullable ShmipcStream stream, int state) {
        if (stream != null && state != StreamState.OPEN) {
            stream.endByPeer(state == StreamState.CLOSED);
        }
    }
}
