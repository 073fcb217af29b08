package io.shmipc.spring.client;

import io.shmipc.BackPressureException;
import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.Stream;
import io.shmipc.StreamClosedException;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.message.ErrorCodes;
import io.shmipc.spring.message.MalformedMessageException;
import io.shmipc.spring.message.MessageType;
import io.shmipc.spring.message.StreamCodec;
import io.shmipc.spring.message.WireMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Sends one message over a stream of its own, and brings its reply.
 *
 * <p>A call that waits uses a pooled stream and reads it itself, the shortest way there is. An asynchronous call gets
 * the stream's callbacks, holds no thread, and closes the stream afterwards.
 *
 * <p>Nobody waits for what the listener says about a one-way message. If it refuses to read one, it says so in an error
 * without a correlation number and handles nothing more of that stream: a request that was sent behind the message may
 * find the error where its reply should be, and goes over another stream.
 *
 * <p><b>Threads:</b> any.
 */
final class Exchanges {

    private final SessionManager sessions;
    private final StreamCodec codec;
    private final RetryPolicy retry;
    private final AtomicLong correlation = new AtomicLong();

    /** Streams that carried a one-way message; it stays among them until the stream is gone. */
    private final Set<Stream> oneWay = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    Exchanges(SessionManager sessions, StreamCodec codec, RetryPolicy retry) {
        this.sessions = sessions;
        this.codec = codec;
        this.retry = retry;
    }

    /** Returns a number for the next request; never 0. */
    long nextCorrelation() {
        return correlation.incrementAndGet();
    }

    /** Sends a message that nobody answers. */
    void send(WireMessage message, Duration timeout) {
        Stream stream = sent(message, Instant.now().plus(timeout));
        oneWay.add(stream);
        sessions.putBack(stream);
    }

    /** Sends a request and waits for its reply, whose payload is on the heap. */
    WireMessage exchange(WireMessage request, Duration timeout) {
        Instant deadline = Instant.now().plus(timeout);
        while (true) {
            Stream stream = sent(request, deadline);
            boolean done = false;
            try {
                WireMessage reply =
                        verified(request, codec.decode(stream.bufferReader()).detached());
                // An error about the stream itself, not about the request, is its last message.
                done = reply.type() != MessageType.ERROR || reply.correlation() != 0;
                if (!refusesOther(stream, reply)) {
                    return result(reply);
                }
            } finally {
                if (done) {
                    sessions.putBack(stream);
                } else {
                    stream.close();
                }
            }
        }
    }

    /**
     * Returns whether the listener ended the stream over a message that need not be the request. Whichever it was, the
     * request was not handled.
     */
    private boolean refusesOther(Stream stream, WireMessage reply) {
        return reply.type() == MessageType.ERROR
                && reply.correlation() == 0
                && ErrorCodes.MALFORMED.equals(reply.headers().get(WireMessage.CODE))
                && oneWay.contains(stream);
    }

    /** Sends a request; the future completes with its reply. */
    CompletableFuture<WireMessage> exchangeAsync(WireMessage request, Duration timeout) {
        Instant deadline = Instant.now().plus(timeout);
        AsyncExchange exchange = new AsyncExchange(codec, (again, stream, reply) -> {
            WireMessage verified = verified(request, reply);
            if (refusesOther(stream, verified)) {
                attempt(request, again, deadline, retry.begin());
                return null;
            }
            return result(verified);
        });
        CompletableFuture<WireMessage> limited = exchange.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        attempt(request, exchange, deadline, retry.begin());
        return limited;
    }

    private void attempt(WireMessage request, AsyncExchange exchange, Instant deadline, BackOffExecution backOff) {
        if (exchange.isDone()) {
            return;
        }
        try {
            trySend(request, deadline, exchange);
        } catch (NotSentException e) {
            long delay = backOff.nextBackOff();
            if (delay == BackOffExecution.STOP) {
                exchange.completeExceptionally(e.failure());
            } else {
                Executor later = CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS);
                later.execute(() -> attempt(request, exchange, deadline, backOff));
            }
        } catch (RuntimeException e) {
            exchange.completeExceptionally(e);
        }
    }

    private Stream sent(WireMessage message, Instant deadline) {
        BackOffExecution backOff = retry.begin();
        while (true) {
            try {
                return trySend(message, deadline, null);
            } catch (NotSentException e) {
                long delay = backOff.nextBackOff();
                if (delay == BackOffExecution.STOP) {
                    throw e.failure();
                }
                pause(delay, deadline, e.failure());
            }
        }
    }

    private static void pause(long delayMillis, Instant deadline, ShmipcException failure) {
        if (Instant.now().plusMillis(delayMillis).isAfter(deadline)) {
            throw new ShmipcTimeoutException(
                    Reason.TIMEOUT, "The deadline passed before anything was sent: " + failure.getMessage(), failure);
        }
        try {
            TimeUnit.MILLISECONDS.sleep(delayMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ShmipcException(
                    Reason.INTERRUPTED, "The thread was interrupted before anything was sent.", failure);
        }
    }

    /**
     * Sends the message over a stream.
     *
     * @return the stream, with its deadline set
     * @throws NotSentException if certainly nothing was sent
     */
    private Stream trySend(WireMessage message, Instant deadline, @Nullable AsyncExchange exchange)
            throws NotSentException {
        Stream stream;
        try {
            stream = sessions.getStream();
        } catch (ShmipcException e) {
            throw new NotSentException(e);
        }
        boolean done = false;
        try {
            stream.setDeadline(deadline);
            write(message, stream);
            flush(stream);
            done = true;
            if (exchange != null) {
                exchange.await(stream);
            }
            return stream;
        } finally {
            if (!done) {
                stream.close();
            }
        }
    }

    private void write(WireMessage message, Stream stream) throws NotSentException {
        try {
            codec.encode(message, stream.bufferWriter());
        } catch (MalformedMessageException e) {
            throw e;
        } catch (ShmipcException e) {
            throw new NotSentException(e);
        }
    }

    /** Sends what was written; the failures that say for certain that it was not sent are told from the others. */
    private static void flush(Stream stream) throws NotSentException {
        try {
            stream.flush();
        } catch (BackPressureException | StreamClosedException e) {
            throw new NotSentException(e);
        } catch (ShmipcException e) {
            if (e.reason() == Reason.STREAM_CLOSED) {
                throw new NotSentException(e);
            }
            throw e;
        }
    }

    private static WireMessage verified(WireMessage request, WireMessage reply) {
        boolean answers = reply.correlation() == request.correlation() || reply.correlation() == 0;
        boolean isAnswer = reply.type() == MessageType.REPLY || reply.type() == MessageType.ERROR;
        if (!answers || !isAnswer) {
            throw new MalformedMessageException(
                    "Request " + request.correlation() + " was answered by a message of type " + reply.type()
                            + " with the correlation number " + reply.correlation() + ".");
        }
        return reply;
    }

    private static WireMessage result(WireMessage reply) {
        if (reply.type() == MessageType.ERROR) {
            throw new ShmipcRemoteException(
                    reply.headers().getOrDefault(WireMessage.CODE, ErrorCodes.FAILED), reply.payloadText());
        }
        return reply;
    }

    /** Nothing of the message was sent, for the reason given. */
    private static final class NotSentException extends Exception {

        private static final long serialVersionUID = 1L;

        private final ShmipcException failure;

        NotSentException(ShmipcException failure) {
            super(failure);
            this.failure = failure;
        }

        ShmipcException failure() {
            return failure;
        }
    }
}
