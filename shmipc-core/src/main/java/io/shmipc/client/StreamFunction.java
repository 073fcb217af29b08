package io.shmipc.client;

import io.shmipc.Stream;

/** What {@link SessionManager#execute} does with a stream. */
@FunctionalInterface
public interface StreamFunction<T> {

    /** Uses the stream and returns a result; it must not keep the stream or its spans. */
    T apply(Stream stream);
}
