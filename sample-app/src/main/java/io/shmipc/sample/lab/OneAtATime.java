package io.shmipc.sample.lab;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/**
 * Lets one measurement or one breakage run at a time: beside each other they would spoil each other.
 *
 * <p><b>Threads:</b> any.
 */
@Component
@Profile("!server")
public final class OneAtATime {

    private final AtomicReference<@Nullable String> running = new AtomicReference<>();

    /**
     * Takes the turn.
     *
     * @param what what begins, in words
     * @throws ResponseStatusException with 409 if something else runs
     */
    public void begin(String what) {
        String other = running.compareAndExchange(null, what);
        if (other != null) {
            throw new ResponseStatusException(
                    HttpStatus.CONFLICT, "Now is the turn of " + other + ": wait until it is done, then ask again.");
        }
    }

    /** Gives the turn back. */
    public void end() {
        running.set(null);
    }

    /** Returns what runs, in words, or null if nothing does. */
    public @Nullable String running() {
        return running.get();
    }
}
