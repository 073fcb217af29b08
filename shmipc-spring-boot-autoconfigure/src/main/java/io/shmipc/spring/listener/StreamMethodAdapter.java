package io.shmipc.spring.listener;

import io.shmipc.BufferReader;
import io.shmipc.SessionClosedException;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.StreamClosedException;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the callbacks of one stream into calls of a stream method.
 *
 * <p>What the method throws ends its stream and nothing else.
 */
final class StreamMethodAdapter implements StreamCallbacks {

    private static final Logger LOG = LoggerFactory.getLogger(StreamMethodAdapter.class);

    private final StreamMethod method;
    private final Stream stream;
    private final LongAdder errors;

    StreamMethodAdapter(StreamMethod method, Stream stream, LongAdder errors) {
        this.method = method;
        this.stream = stream;
        this.errors = errors;
    }

    @Override
    @SuppressWarnings(
            "CatchingUnchecked") // the last stop before the engine's dispatcher: an Error must not pass either
    public void onData(BufferReader reader) {
        try {
            method.invoke(stream, reader);
        } catch (Throwable failure) {
            errors.increment();
            report(failure);
            stream.close();
        }
    }

    @Override
    public void onLocalClose() {}

    @Override
    public void onRemoteClose() {
        stream.close();
    }

    /** A peer that leaves in the middle of a message is its own affair: one line, no stack trace. */
    private void report(Throwable failure) {
        String id = method.endpoint().id();
        String session = stream.session().id();
        if (failure instanceof StreamClosedException || failure instanceof SessionClosedException) {
            LOG.warn("{} lost stream {} of session {}: {}", id, stream.id(), session, failure.getMessage());
        } else {
            LOG.error("{} failed; stream {} of session {} is closed", id, stream.id(), session, failure);
        }
    }
}
