package io.shmipc.guide;

import io.shmipc.spring.event.ShmipcEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

@Component
class SessionLog {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @EventListener
    void onOpened(ShmipcEvent.SessionOpened event) {
        lines.add(event.name() + " opened");
    }

    @EventListener
    void onClosed(ShmipcEvent.SessionClosed event) {
        lines.add(event.name() + " closed: " + event.reason());
    }

    List<String> lines() {
        return lines;
    }
}
