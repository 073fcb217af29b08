package io.shmipc.sample;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Stream;
import io.shmipc.spring.annotation.ShmipcListener;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The server's half: greets by name. */
@Component
@Profile("!client")
class GreetingHandler {

    /**
     * Called whenever bytes have arrived on any stream of any client.
     *
     * <p>They may be half a name or three names: what is complete is answered, and the rest stays where it is until the
     * next call brings more.
     */
    @ShmipcListener
    void onData(BufferReader reader, BufferWriter writer, Stream stream) {
        for (String name = Frames.poll(reader); name != null; name = Frames.poll(reader)) {
            Frames.write(
                    writer,
                    "Hello, " + name + "! Process " + ProcessHandle.current().pid()
                            + " wrote this into shared memory.");
            stream.flush();
        }
    }
}
