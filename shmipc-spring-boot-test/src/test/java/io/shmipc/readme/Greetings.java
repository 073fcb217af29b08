package io.shmipc.readme;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Stream;
import io.shmipc.spring.annotation.ShmipcListener;
import org.springframework.stereotype.Component;

@Component
class Greetings {

    @ShmipcListener
    void onData(BufferReader reader, BufferWriter writer, Stream stream) {
        while (reader.length() >= Long.BYTES) {
            writer.writeLong(reader.readLong() + 1);
            stream.flush();
        }
    }
}
