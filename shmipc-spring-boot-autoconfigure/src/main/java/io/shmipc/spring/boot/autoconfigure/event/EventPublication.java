package io.shmipc.spring.boot.autoconfigure.event;

import io.shmipc.spring.event.ShmipcEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/** Publishes events from the engine's threads, which must not see what listeners throw. */
final class EventPublication {

    private static final Logger LOG = LoggerFactory.getLogger(EventPublication.class);

    private final ApplicationEventPublisher publisher;

    EventPublication(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
    }

    void publish(ShmipcEvent event) {
        try {
            publisher.publishEvent(event);
        } catch (IllegalStateException e) {
            LOG.debug("{} comes too late: the application has closed", event, e);
        } catch (RuntimeException e) {
            LOG.warn("A listener of {} failed", event, e);
        }
    }
}
