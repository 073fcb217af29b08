package io.shmipc.guide;

import io.shmipc.client.SessionManager;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

@Component
class EchoClient {

    private final SessionManager sessions;

    EchoClient(@Qualifier("echo") SessionManager sessions) {
        this.sessions = sessions;
    }

    String echo(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return sessions.execute(stream -> {
            stream.setDeadline(Instant.now().plusSeconds(5));
            stream.bufferWriter().writeBytes(bytes);
            stream.flush();
            return stream.bufferReader().readString(bytes.length);
        });
    }
}
