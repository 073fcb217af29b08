package io.shmipc.spring.message;

import java.io.Serial;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.messaging.MessageHeaders;
import org.springframework.util.ClassUtils;
import org.springframework.util.MimeType;

/**
 * The headers of a wire message as Spring's messages have them: without an id and a time, which nobody sent.
 *
 * <p>Names are the same on both sides, but for the content type's.
 */
final class WireHeaders extends MessageHeaders {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final long NO_TIMESTAMP = -1;

    /** What Spring keeps among a message's headers for itself. */
    private static final Set<String> LOCAL = Set.of(ID, TIMESTAMP, REPLY_CHANNEL, ERROR_CHANNEL);

    private WireHeaders(Map<String, Object> headers) {
        super(headers, ID_VALUE_NONE, NO_TIMESTAMP);
    }

    static MessageHeaders of(WireMessage message) {
        Map<String, Object> headers = new HashMap<>(message.headers());
        Object contentType = headers.remove(WireMessage.CONTENT_TYPE);
        if (contentType != null) {
            headers.put(CONTENT_TYPE, contentType);
        }
        return new WireHeaders(headers);
    }

    /** Returns what a peer can be told: texts, numbers and the like. */
    static Map<String, String> toWire(Map<String, ?> headers) {
        Map<String, String> wire = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            if (value != null && !LOCAL.contains(name) && isText(value)) {
                wire.put(name.equals(CONTENT_TYPE) ? WireMessage.CONTENT_TYPE : name, value.toString());
            }
        });
        return wire;
    }

    /** Returns headers that say no more than the content type, for a converter to obey. */
    static MessageHeaders ofContentType(String contentType) {
        return new WireHeaders(Map.of(CONTENT_TYPE, contentType));
    }

    private static boolean isText(Object value) {
        return value instanceof MimeType || ClassUtils.isSimpleValueType(value.getClass());
    }
}
