package io.shmipc.spring.listener;

import io.shmipc.BufferReader;
import io.shmipc.StreamCallbacks;

/** Counts the calls of one stream as active while they last. */
record CountedCallbacks(StreamCallbacks callbacks, ActiveCalls calls) implements StreamCallbacks {

    @Override
    public void onData(BufferReader reader) {
        calls.begin();
        try {
            callbacks.onData(reader);
        } finally {
            calls.end();
        }
    }

    @Override
    public void onLocalClose() {
        callbacks.onLocalClose();
    }

    @Override
    public void onRemoteClose() {
        callbacks.onRemoteClose();
    }
}
