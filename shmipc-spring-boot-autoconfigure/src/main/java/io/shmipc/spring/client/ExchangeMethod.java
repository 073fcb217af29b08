package io.shmipc.spring.client;

import io.shmipc.spring.annotation.InvalidDeclarationException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.SynthesizingMethodParameter;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.util.StringUtils;

/**
 * What one annotated method of an interface means: its route, its timeout, and what its parameters and result are.
 *
 * <p><b>Threads:</b> any.
 */
final class ExchangeMethod {

    private static final int NO_PAYLOAD = -1;

    private final String description;
    private final String route;
    private final @Nullable Duration timeout;
    private final Kind kind;
    private final ParameterizedTypeReference<Object> replyType;
    private final Map<Integer, String> headers = new HashMap<>();
    private int headerMap = NO_PAYLOAD;
    private int payload = NO_PAYLOAD;

    private enum Kind {
        WAITS,
        COMPLETES_LATER,
        ONE_WAY
    }

    private ExchangeMethod(Class<?> contract, Method method, String route, String timeout) {
        this.description = contract.getSimpleName() + "." + method.getName();
        this.route = route;
        this.timeout = timeout.isEmpty() ? null : duration(timeout);
        ResolvableType result =
                ResolvableType.forType(GenericTypeResolver.resolveType(method.getGenericReturnType(), contract));
        Class<?> resultClass = result.resolve(Object.class);
        boolean later = resultClass == CompletableFuture.class || resultClass == CompletionStage.class;
        Type reply = later ? result.getGeneric(0).getType() : result.getType();
        this.kind = kind(resultClass, later);
        this.replyType = ParameterizedTypeReference.forType(reply);
        for (int i = 0; i < method.getParameterCount(); i++) {
            parameter(new SynthesizingMethodParameter(method, i));
        }
    }

    static ExchangeMethod of(
            Class<?> contract, Method method, ShmipcExchange annotation, UnaryOperator<String> attributes) {
        ShmipcExchange defaults = AnnotatedElementUtils.findMergedAnnotation(contract, ShmipcExchange.class);
        String prefix = defaults == null ? "" : attributes.apply(defaults.route());
        String own = attributes.apply(annotation.timeout());
        String timeout = own.isEmpty() && defaults != null ? attributes.apply(defaults.timeout()) : own;
        return new ExchangeMethod(contract, method, prefix + attributes.apply(annotation.route()), timeout);
    }

    private static Kind kind(Class<?> result, boolean later) {
        if (later) {
            return Kind.COMPLETES_LATER;
        }
        return result == void.class ? Kind.ONE_WAY : Kind.WAITS;
    }

    private Duration duration(String timeout) {
        try {
            return DurationFormatterUtils.detectAndParse(timeout);
        } catch (IllegalArgumentException e) {
            throw new InvalidDeclarationException(
                    "@ShmipcExchange method " + description + " has the timeout '" + timeout
                            + "', which is no duration.",
                    "Write it as 500ms, 10s or 2m.",
                    e);
        }
    }

    private void parameter(MethodParameter parameter) {
        parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
        int index = parameter.getParameterIndex();
        Header header = parameter.getParameterAnnotation(Header.class);
        if (header != null) {
            String name = StringUtils.hasLength(header.name()) ? header.name() : parameter.getParameterName();
            if (name == null) {
                throw refused(
                        "has a @Header parameter whose name is not known",
                        "Name the header, or compile with -parameters.");
            }
            headers.put(index, name);
        } else if (parameter.hasParameterAnnotation(Headers.class)) {
            if (!Map.class.isAssignableFrom(parameter.getParameterType())) {
                throw refused("has a @Headers parameter that is no Map", "Make it a Map<String, Object>.");
            }
            headerMap = index;
        } else {
            payload(index);
        }
    }

    private void payload(int index) {
        if (payload != NO_PAYLOAD) {
            throw refused(
                    "has two payloads, but a message has one",
                    "Take one object with all of it, or annotate the others with @Header.");
        }
        payload = index;
    }

    private InvalidDeclarationException refused(String reason, String remedy) {
        return new InvalidDeclarationException(
                "@ShmipcExchange method " + description + " " + reason + ".", remedy, null);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the interface's method has the future's type
    @Nullable
    Object call(ShmipcOperations template, @Nullable Object[] arguments) {
        ShmipcOperations operations = timeout == null ? template : template.withTimeout(timeout);
        Object value = payload == NO_PAYLOAD ? null : arguments[payload];
        Map<String, Object> sent = headers(arguments);
        switch (kind) {
            case ONE_WAY -> {
                operations.convertAndSend(route, value, sent);
                return null;
            }
            case COMPLETES_LATER -> {
                return operations.convertSendAndReceiveAsync(route, value, sent, replyType);
            }
            default -> {
                return operations.convertSendAndReceive(route, value, sent, replyType);
            }
        }
    }

    private Map<String, Object> headers(@Nullable Object[] arguments) {
        Map<String, Object> sent = new HashMap<>();
        if (headerMap != NO_PAYLOAD && arguments[headerMap] instanceof Map<?, ?> map) {
            map.forEach((name, value) -> sent.put(String.valueOf(name), value));
        }
        headers.forEach((index, name) -> {
            Object value = arguments[index];
            if (value != null) {
                sent.put(name, value);
            }
        });
        return sent;
    }
}
