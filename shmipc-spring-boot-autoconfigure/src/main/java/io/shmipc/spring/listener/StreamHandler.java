package io.shmipc.spring.listener;

import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;

/** Serves the streams of one listener: a stream method, or message methods by their routes. */
interface StreamHandler {

    /** Returns what a new stream tells its events to. */
    StreamCallbacks open(Stream stream, HandlerCalls calls);

    /** Returns the methods as a reader would find them. */
    String describe();
}
