package io.shmipc.spring.listener;

import io.shmipc.BufferReader;
import io.shmipc.StreamCallbacks;
import java.util.function.LongConsumer;

/** Counts the calls of one stream as active while they last, and takes their time if somebody wants to know. */
record CountedCallbacks(StreamCallbacks callbacks, ActiveCalls calls) implements StreamCallbacks {

    @Override
    public void onData(BufferReader reader) {
        LongConsumer recorder = calls.recorder();
        long begin = recorder == null ? 0 : System.nanoTime();
        calls.begin();
        try {
            callbacks.onData(reader);
        } finally {
            calls.end();
            if (recorder != null) {
                recorder.accept(System.nanoTime() - begin);
            }
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
