package io.shmipc.spring.listener;

import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.validation.Validator;

/** Gives message methods payloads of bytes or text, of which an empty one is as good as any. */
final class BytesArgumentResolver extends PayloadMethodArgumentResolver {

    private static final Set<Class<?>> TYPES = Set.of(byte[].class, ByteBuffer.class, String.class, CharSequence.class);

    BytesArgumentResolver(MessageConverter converter, @Nullable Validator validator) {
        super(converter, validator);
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        Payload annotation = parameter.getParameterAnnotation(Payload.class);
        return (annotation == null || annotation.required()) && TYPES.contains(parameter.getParameterType());
    }

    @Override
    protected boolean isEmptyPayload(@Nullable Object payload) {
        return payload == null;
    }
}
