package io.shmipc.sample.lab.breaking;

import io.shmipc.spring.annotation.ShmipcListener;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The server's half of {@link SlowCalls}. */
@Component
@Profile("lab-server")
class SlowMethod {

    private static final int MAX_MILLIS = 10_000;

    @ShmipcListener(route = "lab.sleep")
    String sleep(int millis) throws InterruptedException {
        if (millis < 0 || millis > MAX_MILLIS) {
            throw new IllegalArgumentException(millis + " ms: 0 to " + MAX_MILLIS + " are possible");
        }
        Thread.sleep(millis);
        return "At last";
    }
}
