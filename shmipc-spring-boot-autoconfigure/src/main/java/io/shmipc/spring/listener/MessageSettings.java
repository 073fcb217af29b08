package io.shmipc.spring.listener;

import io.shmipc.InvalidConfigException;
import io.shmipc.spring.message.EnvelopeCodec;
import io.shmipc.spring.message.MessageConversion;
import io.shmipc.spring.message.StreamCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.validation.Validator;

/**
 * What all message methods have in common unless their annotation says otherwise.
 *
 * @param conversion turns payloads into objects and results into payloads
 * @param codec says where a message ends
 * @param validator checks payloads that are annotated for it; null for no validation
 * @param concurrency how many calls of one method may be under way at once
 * @param interceptors stand around every call, the first one outermost
 */
public record MessageSettings(
        MessageConversion conversion,
        StreamCodec codec,
        @Nullable Validator validator,
        int concurrency,
        List<MessageHandlerInterceptor> interceptors) {

    /** How many calls of one method may be under way at once, by default. */
    public static final int DEFAULT_CONCURRENCY = 256;

    /**
     * @throws InvalidConfigException if no call could ever begin
     */
    public MessageSettings {
        if (concurrency < 1) {
            throw new InvalidConfigException(
                    "concurrency",
                    Integer.toString(concurrency),
                    "be 1 or more",
                    "The default is " + DEFAULT_CONCURRENCY);
        }
        interceptors = List.copyOf(interceptors);
    }

    /** Returns the envelope, bytes and texts, and no validation. */
    public static MessageSettings defaults() {
        return new MessageSettings(
                new MessageConversion(List.of()), new EnvelopeCodec(), null, DEFAULT_CONCURRENCY, List.of());
    }
}
