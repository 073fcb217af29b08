package io.shmipc.guide;

import io.shmipc.BufferReader;
import io.shmipc.Stream;
import io.shmipc.spring.annotation.ShmipcListener;
import org.springframework.stereotype.Component;

@Component
class EchoHandler {

    @ShmipcListener(listener = "echo")
    void onData(BufferReader reader, Stream stream) {
        stream.bufferWriter().writeBytes(reader.readBytes(reader.length()));
        stream.flush();
    }
}
