package io.shmipc.guide;

import io.shmipc.BufferReader;
import io.shmipc.Stream;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.annotation.ShmipcStreamClosed;
import io.shmipc.spring.annotation.ShmipcStreamOpened;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

@Component
class EchoHandler {

    private final Set<Long> open = ConcurrentHashMap.newKeySet();

    @ShmipcListener(listener = "echo")
    void onData(BufferReader reader, Stream stream) {
        stream.bufferWriter().writeBytes(reader.readBytes(reader.length()));
        stream.flush();
    }

    @ShmipcStreamOpened(listener = "echo")
    void onOpened(Stream stream) {
        open.add(stream.id());
    }

    @ShmipcStreamClosed(listener = "echo")
    void onClosed(Stream stream) {
        open.remove(stream.id());
    }

    Set<Long> open() {
        return open;
    }
}
