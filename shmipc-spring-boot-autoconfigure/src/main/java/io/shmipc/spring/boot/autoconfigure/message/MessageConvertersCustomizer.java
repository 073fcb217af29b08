package io.shmipc.spring.boot.autoconfigure.message;

import java.util.List;
import org.springframework.messaging.converter.MessageConverter;

/**
 * Changes the list of converters that make payloads of objects and back; ordered beans come in their order.
 *
 * <p>The list begins with Jackson's if that is on the class path. The first converter that can, does; bytes and texts
 * need none.
 */
@FunctionalInterface
public interface MessageConvertersCustomizer {

    /** Adds, removes or reorders converters. */
    void customize(List<MessageConverter> converters);
}
