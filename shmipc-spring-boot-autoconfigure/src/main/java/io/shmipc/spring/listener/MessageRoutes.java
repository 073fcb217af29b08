package io.shmipc.spring.listener;

import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.spring.annotation.InvalidDeclarationException;
import io.shmipc.spring.message.StreamCodec;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The message methods of one listener by their routes, and the codec that they share.
 *
 * <p><b>Threads:</b> any.
 */
final class MessageRoutes implements StreamHandler {

    private final Map<String, MessageMethod> methods = new ConcurrentHashMap<>();
    private final StreamCodec codec;

    /** Makes the routes of a listener whose first method is the given one. */
    MessageRoutes(MessageMethod first) {
        codec = first.codec();
        add(first);
    }

    /**
     * Adds one more method.
     *
     * @throws InvalidDeclarationException if its route is taken or its codec is another one
     */
    void add(MessageMethod method) {
        ListenerEndpoint endpoint = method.endpoint();
        MessageMethod present = methods.putIfAbsent(endpoint.attributes().route(), method);
        if (present != null) {
            throw new InvalidDeclarationException(
                    "Two @ShmipcListener methods of listener '" + endpoint.listener() + "' serve "
                            + describe(endpoint.attributes().route()) + ": "
                            + present.endpoint().describe() + " and " + endpoint.describe() + ".",
                    "Give each its own route: @ShmipcListener(route = …).");
        }
        if (method.codec() != codec) {
            throw new InvalidDeclarationException(
                    "The @ShmipcListener methods of listener '" + endpoint.listener()
                            + "' name different codecs, but they share its streams: " + describe() + ".",
                    "Name one codec in all of them, or let some serve a listener of their own.");
        }
    }

    StreamCodec codec() {
        return codec;
    }

    /** Returns the method for that route; null if there is none. */
    @Nullable
    MessageMethod find(String route) {
        return methods.get(route);
    }

    /** Returns the routes that there are, for messages. */
    Set<String> known() {
        return new TreeSet<>(methods.keySet());
    }

    @Override
    public StreamCallbacks open(Stream stream, HandlerCalls calls) {
        return new MessageAdapter(this, stream, calls);
    }

    @Override
    public String describe() {
        return methods.values().stream()
                .map(method -> method.endpoint().describe())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    static String describe(String route) {
        return route.isEmpty() ? "messages without a route" : "the route '" + route + "'";
    }
}
