package io.shmipc.spring.client;

import io.shmipc.InvalidConfigException;
import io.shmipc.Reason;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.message.EnvelopeCodec;
import io.shmipc.spring.message.MessageConversion;
import io.shmipc.spring.message.MessageType;
import io.shmipc.spring.message.StreamCodec;
import io.shmipc.spring.message.WireMessage;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Calls the message methods of the listener that a session manager is connected to.
 *
 * <p>A call is tried again, on a fresh session if need be, as long as nothing of it was sent.
 *
 * <p><b>Threads:</b> any.
 */
public final class ShmipcTemplate implements ShmipcOperations {

    /** How long a call may take, from its beginning to its reply, by default. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private final String name;
    private final Exchanges exchanges;
    private final MessageConversion conversion;
    private final List<CallObserver> observers;
    private final Duration timeout;

    private ShmipcTemplate(
            String name,
            Exchanges exchanges,
            MessageConversion conversion,
            List<CallObserver> observers,
            Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new InvalidConfigException(
                    "callTimeout", timeout.toString(), "be more than nothing", "The default is " + DEFAULT_TIMEOUT);
        }
        this.name = name;
        this.exchanges = exchanges;
        this.conversion = conversion;
        this.observers = observers;
        this.timeout = timeout;
    }

    /** Returns a builder of a template that calls through the given sessions. */
    public static Builder builder(SessionManager sessions) {
        return new Builder(sessions);
    }

    /** Returns the template's name; of an auto-configured one, the client's. */
    public String name() {
        return name;
    }

    @Override
    public ShmipcTemplate withTimeout(Duration other) {
        return new ShmipcTemplate(name, exchanges, conversion, observers, other);
    }

    @Override
    public void send(String route, Message<?> message) {
        convertAndSend(route, message);
    }

    @Override
    public Message<byte[]> sendAndReceive(String route, Message<?> message) {
        return message(call(route, message, Map.of()));
    }

    @Override
    public CompletableFuture<Message<byte[]>> sendAndReceiveAsync(String route, Message<?> message) {
        return callAsync(route, message, Map.of(), ShmipcTemplate::message);
    }

    @Override
    public void convertAndSend(String route, @Nullable Object payload, Map<String, ?> headers) {
        Observation observation = new Observation(route, headers);
        try {
            exchanges.send(request(MessageType.ONE_WAY, 0, route, payload, observation), timeout);
            observation.ended(null);
        } catch (RuntimeException | Error e) {
            observation.ended(e);
            throw e;
        }
    }

    @Override
    @SuppressWarnings("unchecked") // converted to that very type
    public <T> @Nullable T convertSendAndReceive(
            String route, @Nullable Object payload, Map<String, ?> headers, ParameterizedTypeReference<T> replyType) {
        return (T) conversion.fromWire(call(route, payload, headers), replyType.getType());
    }

    @Override
    @SuppressWarnings("unchecked") // converted to that very type
    public <T> CompletableFuture<@Nullable T> convertSendAndReceiveAsync(
            String route, @Nullable Object payload, Map<String, ?> headers, ParameterizedTypeReference<T> replyType) {
        Type type = replyType.getType();
        return callAsync(route, payload, headers, reply -> (T) conversion.fromWire(reply, type));
    }

    private WireMessage call(String route, @Nullable Object payload, Map<String, ?> headers) {
        Observation observation = new Observation(route, headers);
        try {
            WireMessage reply = exchanges.exchange(request(route, payload, observation), timeout);
            observation.ended(null);
            return reply;
        } catch (ShmipcTimeoutException e) {
            observation.ended(e);
            throw new ShmipcTimeoutException(e.reason(), tooLate(route) + " " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            observation.ended(e);
            throw e;
        }
    }

    private <R> CompletableFuture<R> callAsync(
            String route, @Nullable Object payload, Map<String, ?> headers, Function<WireMessage, R> result) {
        Observation observation = new Observation(route, headers);
        CompletableFuture<WireMessage> reply;
        try {
            reply = exchanges.exchangeAsync(request(route, payload, observation), timeout);
        } catch (RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<R> answer = reply.handle((message, failure) -> {
            Throwable known = failure instanceof TimeoutException
                    ? new ShmipcTimeoutException(Reason.TIMEOUT, tooLate(route), failure)
                    : failure;
            observation.ended(known);
            if (known != null) {
                throw known instanceof RuntimeException e ? e : new CompletionException(known);
            }
            return result.apply(message);
        });
        CompletableFuture<WireMessage> pending = reply;
        CompletableFuture<R> unused = answer.whenComplete((value, failure) -> {
            if (answer.isCancelled()) {
                pending.cancel(false);
            }
        });
        return answer;
    }

    private String tooLate(String route) {
        return "There was no reply from the route '" + route + "' of '" + name + "' within " + timeout + ".";
    }

    private WireMessage request(String route, @Nullable Object payload, Observation observation) {
        return request(MessageType.REQUEST, exchanges.nextCorrelation(), route, payload, observation);
    }

    private WireMessage request(
            MessageType type, long correlation, String route, @Nullable Object payload, Observation observation) {
        WireMessage message = conversion.toWire(type, correlation, payload, observation.headers);
        if (route.isEmpty()) {
            message.headers().remove(WireMessage.ROUTE);
        } else {
            message.headers().put(WireMessage.ROUTE, route);
        }
        return message;
    }

    private static Message<byte[]> message(WireMessage reply) {
        return MessageBuilder.createMessage(reply.payloadBytes(), MessageConversion.headers(reply));
    }

    /** One call as the observers see it, and the headers that they send along. */
    private final class Observation {

        private final Map<String, Object> headers;
        private final List<CallObserver.Outcome> outcomes = new ArrayList<>();

        Observation(String route, Map<String, ?> headers) {
            this.headers = new HashMap<>(headers);
            for (CallObserver observer : observers) {
                outcomes.add(observer.begin(name, route, this.headers));
            }
        }

        void ended(@Nullable Throwable failure) {
            for (CallObserver.Outcome outcome : outcomes) {
                outcome.ended(failure);
            }
        }
    }

    /** Collects what a template is made of; everything but the sessions has a default. */
    public static final class Builder {

        private final SessionManager sessions;
        private final List<CallObserver> observers = new ArrayList<>();
        private String name = "shmipc";
        private StreamCodec codec = new EnvelopeCodec();
        private MessageConversion conversion = new MessageConversion(List.of());
        private Duration timeout = DEFAULT_TIMEOUT;
        private RetryPolicy retry = RetryPolicy.DEFAULT;

        private Builder(SessionManager sessions) {
            this.sessions = sessions;
        }

        /** Sets the name that observers and messages use. */
        public Builder name(String value) {
            name = value;
            return this;
        }

        /** Sets what says where a message ends; it is the listener's, too. */
        public Builder codec(StreamCodec value) {
            codec = value;
            return this;
        }

        /** Sets what turns objects into payloads and back. */
        public Builder conversion(MessageConversion value) {
            conversion = value;
            return this;
        }

        /** Sets how long a call may take, from its beginning to its reply. */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /** Sets how often a call is tried again of which nothing was sent. */
        public Builder retry(RetryPolicy value) {
            retry = value;
            return this;
        }

        /** Adds an observer of every call. */
        public Builder observer(CallObserver value) {
            observers.add(value);
            return this;
        }

        /**
         * Makes the template.
         *
         * @throws InvalidConfigException if the timeout is none
         */
        public ShmipcTemplate build() {
            return new ShmipcTemplate(
                    name, new Exchanges(sessions, codec, retry), conversion, List.copyOf(observers), timeout);
        }
    }
}
