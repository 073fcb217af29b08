package io.shmipc.sample.lab.traffic;

import io.shmipc.sample.greeting.Greetings;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Gentle calls while somebody looks, so that there is something to see; and more of them for who asks.
 *
 * <p><b>Threads:</b> any.
 */
@Component
@Profile("lab")
public final class Traffic implements DisposableBean {

    private static final int GENTLE_CALLERS = 2;
    private static final long GENTLE_PAUSE_MILLIS = 20;

    private final Greetings greetings;
    private @Nullable Load gentle;
    private boolean wanted;
    private int quiet;

    Traffic(Greetings greetings) {
        this.greetings = greetings;
    }

    /** Begins to call as fast as the pauses allow; the caller closes it. */
    public Load open(int callers, long pauseMillis) {
        return new Load(greetings, callers, pauseMillis);
    }

    /** Says whether somebody looks. */
    public synchronized void setWanted(boolean somebodyLooks) {
        wanted = somebodyLooks;
        adjust();
    }

    /** Keeps the gentle traffic away until {@link #resume}: for measurements, which need the processors. */
    public synchronized void silence() {
        quiet++;
        adjust();
    }

    /** Ends what {@link #silence} began. */
    public synchronized void resume() {
        quiet--;
        adjust();
    }

    private void adjust() {
        boolean flowing = wanted && quiet == 0;
        Load load = gentle;
        if (flowing && load == null) {
            gentle = open(GENTLE_CALLERS, GENTLE_PAUSE_MILLIS);
        } else if (!flowing && load != null) {
            load.close();
            gentle = null;
        }
    }

    @Override
    public synchronized void destroy() {
        quiet++;
        adjust();
    }
}
