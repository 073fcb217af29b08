package io.shmipc.spring.listener;

import io.shmipc.Stream;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/** Gives message methods the stream and the session that a message came on. */
final class StreamArgumentResolver implements HandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return StreamArgument.of(parameter.getParameterType()) != null;
    }

    @Override
    public Object resolveArgument(MethodParameter parameter, Message<?> message) {
        StreamArgument argument = StreamArgument.of(parameter.getParameterType());
        if (argument == null || !(message instanceof StreamMessage own)) {
            throw new IllegalStateException("There is no stream for the parameter '" + parameter + "'.");
        }
        Stream stream = own.stream();
        return argument.resolve(stream, stream.bufferReader());
    }
}
