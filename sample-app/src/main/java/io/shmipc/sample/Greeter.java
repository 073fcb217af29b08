package io.shmipc.sample;

import io.shmipc.client.SessionManager;
import java.time.Duration;
import java.time.Instant;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The client's half: asks the server for a greeting. */
@Component
@Profile("!server")
class Greeter {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final SessionManager sessions;

    Greeter(SessionManager sessions) {
        this.sessions = sessions;
    }

    /**
     * Returns the server's greeting.
     *
     * @throws io.shmipc.ShmipcException if the server is not there or does not answer in time
     */
    String greet(String name) {
        // Streams are cheap and reused: execute takes one from the pool and puts it back.
        return sessions.execute(stream -> {
            stream.setDeadline(Instant.now().plus(PATIENCE));
            Frames.write(stream.bufferWriter(), name);
            stream.flush();
            return Frames.read(stream.bufferReader());
        });
    }
}
