package io.shmipc.spring.listener;

import io.shmipc.BufferReader;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.spring.annotation.InvalidDeclarationException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import org.springframework.util.ReflectionUtils;

/**
 * Calls a stream method with what its parameters ask for; how was decided once, at start-up.
 *
 * <p><b>Threads:</b> any, as many at a time as streams are served.
 */
final class StreamMethod implements StreamHandler {

    private final ListenerEndpoint endpoint;
    private final StreamArgument[] arguments;

    /**
     * Verifies the method.
     *
     * @throws InvalidDeclarationException naming the bean, the method, the parameter and what is supported
     */
    StreamMethod(ListenerEndpoint endpoint) {
        if (endpoint.attributes().areForMessages()) {
            throw new InvalidDeclarationException(
                    "@ShmipcListener method " + endpoint.describe()
                            + " reads a stream itself, but has attributes that are for message methods: "
                            + endpoint.attributes() + ".",
                    "Take the payload instead of a BufferReader or BufferWriter, or remove the attributes.");
        }
        if (endpoint.method().getReturnType() != void.class) {
            throw new InvalidDeclarationException(
                    "The method " + endpoint.describe() + " returns "
                            + endpoint.method().getReturnType().getSimpleName()
                            + ", but nobody would receive what it returns.",
                    "Make it void, and write replies to the stream's BufferWriter and flush the stream.");
        }
        this.endpoint = endpoint;
        this.arguments = Arrays.stream(endpoint.method().getParameters())
                .map(this::argument)
                .toArray(StreamArgument[]::new);
        ReflectionUtils.makeAccessible(endpoint.method());
    }

    /**
     * Verifies a method that is called when data has arrived.
     *
     * @throws InvalidDeclarationException also if it takes nothing that it could read the data from
     */
    static StreamMethod reading(ListenerEndpoint endpoint) {
        StreamMethod method = new StreamMethod(endpoint);
        if (Arrays.stream(endpoint.method().getParameterTypes()).noneMatch(StreamArgument::isReadable)) {
            throw new InvalidDeclarationException(
                    "@ShmipcListener method " + endpoint.describe() + " cannot read the stream.",
                    "Take a BufferReader or a Stream, or set a route or take a payload for messages.");
        }
        return method;
    }

    ListenerEndpoint endpoint() {
        return endpoint;
    }

    @Override
    public StreamCallbacks open(Stream stream, HandlerCalls calls) {
        return new StreamMethodAdapter(this, stream, calls.errors());
    }

    @Override
    public String describe() {
        return endpoint.describe();
    }

    /** Calls the method; throws what it throws. */
    void invoke(Stream stream, BufferReader reader) throws Throwable {
        Object[] values = new Object[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[i].resolve(stream, reader);
        }
        try {
            endpoint.method().invoke(endpoint.bean(), values);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    private StreamArgument argument(Parameter parameter) {
        StreamArgument argument = StreamArgument.of(parameter.getType());
        if (argument == null) {
            throw new InvalidDeclarationException(
                    "@ShmipcListener method " + endpoint.describe() + " has the parameter '" + parameter
                            + "', which shmipc cannot provide.",
                    "Remove it, or use any of " + StreamArgument.supported() + ".");
        }
        return argument;
    }
}
