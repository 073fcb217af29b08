package io.shmipc.guide;

import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.util.Objects;
import org.springframework.stereotype.Component;

@Component
class Maintenance {

    private final ShmipcListenerRegistry registry;

    Maintenance(ShmipcListenerRegistry registry) {
        this.registry = registry;
    }

    void pause(Runnable work) {
        ListenerContainer echo = Objects.requireNonNull(registry.container("echo"));
        echo.stop();
        try {
            work.run();
        } finally {
            echo.start();
        }
    }
}
