package io.shmipc.spring.boot.autoconfigure.observation;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of a call: its carrier are the headers of the message that is about to be sent. */
public final class ShmipcCallContext extends SenderContext<Map<String, Object>> {

    private final String client;
    private final String route;

    /**
     * @param client name of the client
     * @param route where the call goes, or the empty string
     * @param headers what is sent with it
     */
    public ShmipcCallContext(String client, String route, Map<String, Object> headers) {
        super((carrier, key, value) -> put(carrier, key, value), Kind.CLIENT);
        this.client = client;
        this.route = route;
        setCarrier(headers);
        setRemoteServiceName(client);
    }

    private static void put(@Nullable Map<String, Object> headers, String key, String value) {
        if (headers != null) {
            headers.put(key, value);
        }
    }

    /** Returns the client's name. */
    public String client() {
        return client;
    }

    /** Returns where the call goes, or the empty string. */
    public String route() {
        return route;
    }
}
