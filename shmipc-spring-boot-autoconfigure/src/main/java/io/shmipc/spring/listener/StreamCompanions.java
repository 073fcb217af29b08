package io.shmipc.spring.listener;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.spring.annotation.InvalidDeclarationException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The methods that are told when streams of one listener open and close.
 *
 * <p><b>Threads:</b> any.
 */
final class StreamCompanions {

    private static final Logger LOG = LoggerFactory.getLogger(StreamCompanions.class);
    private static final Set<Class<?>> WHEN_OPENED = Set.of(Stream.class, Session.class, BufferWriter.class);
    private static final Set<Class<?>> WHEN_CLOSED = Set.of(Stream.class, Session.class);

    private final List<StreamMethod> opened = new CopyOnWriteArrayList<>();
    private final List<StreamMethod> closed = new CopyOnWriteArrayList<>();

    /**
     * Adds a method that is told of new streams.
     *
     * @throws InvalidDeclarationException if it takes what a new stream does not have, or returns something
     */
    void addOpened(ListenerEndpoint endpoint) {
        opened.add(verified(endpoint, WHEN_OPENED));
    }

    /**
     * Adds a method that is told of streams that are over.
     *
     * @throws InvalidDeclarationException if it takes what such a stream does not have, or returns something
     */
    void addClosed(ListenerEndpoint endpoint) {
        closed.add(verified(endpoint, WHEN_CLOSED));
    }

    /** Returns callbacks that tell the companions, too; the given ones if there are none. */
    StreamCallbacks around(Stream stream, StreamCallbacks callbacks, HandlerCalls calls) {
        return opened.isEmpty() && closed.isEmpty() ? callbacks : new Told(stream, callbacks, calls);
    }

    private static StreamMethod verified(ListenerEndpoint endpoint, Set<Class<?>> supported) {
        if (!supported.containsAll(Arrays.asList(endpoint.method().getParameterTypes()))) {
            throw new InvalidDeclarationException(
                    "The method " + endpoint.describe() + " takes what a stream does not have when it opens or closes.",
                    "Let it take any of Stream and Session; a BufferWriter only when the stream opens.");
        }
        return new StreamMethod(endpoint);
    }

    /** The calls for one stream, which never overlap. */
    private final class Told implements StreamCallbacks {

        private final Stream stream;
        private final StreamCallbacks callbacks;
        private final HandlerCalls calls;
        private boolean open;
        private boolean over;

        Told(Stream stream, StreamCallbacks callbacks, HandlerCalls calls) {
            this.stream = stream;
            this.callbacks = callbacks;
            this.calls = calls;
        }

        @Override
        public void onData(BufferReader reader) {
            if (isOpen(reader)) {
                callbacks.onData(reader);
            }
        }

        @Override
        public void onLocalClose() {
            callbacks.onLocalClose();
            end();
        }

        @Override
        public void onRemoteClose() {
            callbacks.onRemoteClose();
            end();
        }

        private boolean isOpen(BufferReader reader) {
            if (!open && !over) {
                open = opened.stream().allMatch(method -> succeeds(method, reader));
                if (!open) {
                    over = true;
                    stream.close();
                }
            }
            return open;
        }

        private void end() {
            if (open && !over) {
                over = true;
                closed.forEach(method -> succeeds(method, stream.bufferReader()));
            }
        }

        @SuppressWarnings("CatchingUnchecked") // an Error must not reach the engine's dispatcher either
        private boolean succeeds(StreamMethod method, BufferReader reader) {
            try {
                method.invoke(stream, reader);
                return true;
            } catch (Throwable e) {
                calls.errors().increment();
                String session = stream.session().id();
                LOG.error("{} failed for stream {} of session {}", method.describe(), stream.id(), session, e);
                return false;
            }
        }
    }
}
