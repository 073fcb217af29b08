package io.shmipc.session;

import io.shmipc.BufferReader;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;

/** Sends back whatever arrives, and closes when the peer does. */
public class Echo implements StreamCallbacks {

    private final Stream stream;

    public Echo(Stream stream) {
        this.stream = stream;
    }

    @Override
    public void onData(BufferReader reader) {
        stream.bufferWriter().writeBytes(reader.readBytes(reader.length()));
        stream.flush();
    }

    @Override
    public void onLocalClose() {}

    @Override
    public void onRemoteClose() {
        stream.close();
    }
}
