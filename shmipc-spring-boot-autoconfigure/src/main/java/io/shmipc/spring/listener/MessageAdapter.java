package io.shmipc.spring.listener;

import io.shmipc.BufferReader;
import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.spring.message.ErrorCodes;
import io.shmipc.spring.message.ErrorReplyException;
import io.shmipc.spring.message.MalformedMessageException;
import io.shmipc.spring.message.MessageType;
import io.shmipc.spring.message.StreamCodec;
import io.shmipc.spring.message.WireMessage;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the bytes of one stream into calls of message methods, and their results into replies.
 *
 * <p>Messages are handled in their order, each when the method of the one before has returned; replies of futures are
 * sent when they complete. A message whose method has as many calls under way as it may waits where it is, in shared
 * memory and without a thread, and so does what follows on its stream. Bytes that are no message end the stream, with an error that says so; nothing else does.
 *
 * <p><b>Threads:</b> the stream's callback thread reads; whoever completes a future writes, by the lock.
 */
final class MessageAdapter implements StreamCallbacks, CallPermits.Waiter {

    /** A message that was read when as many calls of its method were under way as may be. */
    private record Waiting(MessageMethod method, WireMessage message) {}

    private static final Logger LOG = LoggerFactory.getLogger(MessageAdapter.class);

    private final MessageRoutes routes;
    private final StreamCodec codec;
    private final Stream stream;
    private final HandlerCalls calls;
    private final ReentrantLock writing = new ReentrantLock();

    /** Calls whose reply is not sent yet, and one more as long as the peer may send. */
    private final AtomicInteger pending = new AtomicInteger(1);

    /** Present while the callbacks are held. */
    private final AtomicReference<@Nullable Waiting> waiting = new AtomicReference<>();

    private boolean ended;

    MessageAdapter(MessageRoutes routes, Stream stream, HandlerCalls calls) {
        this.routes = routes;
        this.codec = routes.codec();
        this.stream = stream;
        this.calls = calls;
    }

    @Override
    @SuppressWarnings(
            "CatchingUnchecked") // the last stop before the engine's dispatcher: an Error must not pass either
    public void onData(BufferReader reader) {
        try {
            Waiting resumed = waiting.getAndSet(null);
            if (resumed != null) {
                call(resumed.method(), resumed.message());
                reader.releasePreviousRead();
            }
            while (!ended && codec.isComplete(reader) && isHandled(codec.decode(reader))) {
                reader.releasePreviousRead();
            }
        } catch (MalformedMessageException e) {
            refuse(e);
        } catch (ShmipcException e) {
            LOG.debug("Reading {} for {} ended", describeStream(), routes.describe(), e);
            end();
        } catch (Throwable e) {
            calls.errors().increment();
            LOG.error("Closing {}: messages for {} cannot be read", describeStream(), routes.describe(), e);
            end();
        }
    }

    /** Forgets the message that waits: nobody wants its reply. */
    @Override
    public void onLocalClose() {
        Waiting abandoned = waiting.getAndSet(null);
        if (abandoned != null) {
            if (!abandoned.method().permits().withdraw(this)) {
                abandoned.method().permits().release();
            }
            finished();
        }
    }

    /** Sends what is still to be replied, to a peer that has only said that it sends nothing more. */
    @Override
    public void onRemoteClose() {
        settled();
    }

    /** Handles the message; returns false if it waits, and all that follows. */
    private boolean isHandled(WireMessage message) {
        if (message.type() == MessageType.REPLY || message.type() == MessageType.ERROR) {
            throw new MalformedMessageException(
                    "A client sent a message of type " + message.type() + ": only listeners reply.");
        }
        calls.active().begin();
        pending.incrementAndGet();
        MessageMethod method = routes.find(message.route());
        if (calls.areRefused() || method == null) {
            refuse(message, method == null ? unknownRoute(message) : stopping());
            return true;
        }
        waiting.set(new Waiting(method, message));
        if (!method.permits().acquire(this)) {
            stream.holdCallbacks();
            return false;
        }
        waiting.set(null);
        call(method, message);
        return true;
    }

    /** Goes on with the message that waits, by the stream's callbacks. */
    @Override
    public boolean proceed() {
        if (waiting.get() == null || stream.resumeCallbacks() || waiting.getAndSet(null) == null) {
            return true;
        }
        finished();
        return false;
    }

    private void refuse(WireMessage message, ErrorReplyException reason) {
        try {
            fail(message, reason);
        } finally {
            finished();
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever a handler throws is answered
    private void call(MessageMethod method, WireMessage message) {
        WireMessage request = prepared(method, message);
        Object result;
        try {
            result = method.call(request, stream);
            if (result instanceof CompletionStage<?> stage) {
                stage.whenComplete((value, failure) -> settle(method, request, value, failure));
                return;
            }
        } catch (Throwable e) {
            settle(method, request, null, e);
            return;
        }
        settle(method, request, result, null);
    }

    /** Copies the message if need be, which fails if there is too little memory, or the peer took its own away. */
    private WireMessage prepared(MessageMethod method, WireMessage message) {
        boolean done = false;
        try {
            WireMessage request = method.prepare(message);
            done = true;
            return request;
        } finally {
            if (!done) {
                method.permits().release();
                finished();
            }
        }
    }

    private void settle(
            MessageMethod method, WireMessage request, @Nullable Object result, @Nullable Throwable failure) {
        try {
            if (failure == null) {
                succeed(method, request, result);
            } else {
                recover(method, request, ErrorReplies.unwrap(failure));
            }
        } finally {
            method.permits().release();
            finished();
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever an error handler throws is answered
    private void recover(MessageMethod method, WireMessage request, Throwable failure) {
        Throwable told = failure instanceof RefusedCallException refused ? refused.reason() : failure;
        Object result;
        try {
            result = method.recover(request, stream, told);
        } catch (Throwable e) {
            Throwable reported = e == told ? failure : e;
            log(method, reported);
            fail(request, reported);
            return;
        }
        succeed(method, request, result);
    }

    private void log(MessageMethod method, Throwable failure) {
        if (ErrorReplies.isExpected(failure)) {
            LOG.warn("{} refused a message on {}: {}", method.endpoint().id(), describeStream(), failure.getMessage());
        } else {
            LOG.error("{} failed for a message on {}", method.endpoint().id(), describeStream(), failure);
        }
    }

    private void succeed(MessageMethod method, WireMessage request, @Nullable Object result) {
        if (request.type() == MessageType.ONE_WAY) {
            return;
        }
        try {
            send(method.conversion().toWire(MessageType.REPLY, request.correlation(), result, Map.of()));
        } catch (MalformedMessageException e) {
            ErrorReplyException tooLarge =
                    new ErrorReplyException(ErrorCodes.TOO_LARGE, "The reply cannot be sent. " + e.getMessage(), e);
            log(method, tooLarge);
            fail(request, tooLarge);
        } catch (RuntimeException e) {
            IllegalStateException unsendable = new IllegalStateException("The reply cannot be converted.", e);
            log(method, unsendable);
            fail(request, unsendable);
        }
    }

    private void fail(WireMessage message, Throwable failure) {
        calls.errors().increment();
        if (message.type() == MessageType.REQUEST) {
            sendError(ErrorReplies.of(message, failure));
        }
    }

    private void refuse(MalformedMessageException violation) {
        calls.errors().increment();
        LOG.warn("Closing {}, which was for {}: {}", describeStream(), routes.describe(), violation.getMessage());
        sendError(WireMessage.error(0, ErrorCodes.MALFORMED, String.valueOf(violation.getMessage())));
        end();
    }

    private void sendError(WireMessage error) {
        try {
            send(error);
        } catch (RuntimeException e) {
            LOG.error("Closing {}: its codec does not write an error", describeStream(), e);
            stream.close();
        }
    }

    /** Sends a message; if the peer is gone or takes nothing, the stream ends and its caller learns that way. */
    private void send(WireMessage message) {
        writing.lock();
        try {
            codec.encode(message, stream.bufferWriter());
            stream.flush();
        } catch (MalformedMessageException e) {
            throw e;
        } catch (ShmipcException e) {
            if (e.reason() == Reason.STREAM_CLOSED || e.reason() == Reason.SESSION_SHUTDOWN) {
                LOG.debug("The caller on {} did not wait for its reply", describeStream(), e);
            } else {
                LOG.warn("Closing {}: a reply could not be sent: {}", describeStream(), e.getMessage());
            }
            stream.close();
        } finally {
            writing.unlock();
        }
    }

    private void finished() {
        settled();
        calls.active().end();
    }

    private void settled() {
        if (pending.decrementAndGet() == 0) {
            stream.close();
        }
    }

    private void end() {
        ended = true;
        stream.close();
    }

    private ErrorReplyException unknownRoute(WireMessage message) {
        LOG.warn(
                "Nothing serves {} of a message on {}; there are the routes {}",
                MessageRoutes.describe(message.route()),
                describeStream(),
                routes.known());
        return new ErrorReplyException(
                ErrorCodes.UNKNOWN_ROUTE, "Nothing serves " + MessageRoutes.describe(message.route()) + ".");
    }

    private static ErrorReplyException stopping() {
        return new ErrorReplyException(
                ErrorCodes.UNAVAILABLE, "The listener is stopping; the request was not handled.");
    }

    private String describeStream() {
        return "stream " + stream.id() + " of session " + stream.session().id();
    }
}
