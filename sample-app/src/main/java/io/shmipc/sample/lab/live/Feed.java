package io.shmipc.sample.lab.live;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Server-sent events to all pages that are open.
 *
 * <p><b>Threads:</b> any.
 */
@Component
@Profile("!server")
public final class Feed {

    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final long NO_TIMEOUT = 0;

    private final List<SseEmitter> viewers = new CopyOnWriteArrayList<>();
    private final Map<String, Object> latest = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Adds a page; it is told the latest of each kind of event at once. */
    SseEmitter subscribe() {
        SseEmitter viewer = new SseEmitter(NO_TIMEOUT);
        viewer.onCompletion(() -> viewers.remove(viewer));
        viewer.onError(failure -> viewers.remove(viewer));
        latest.forEach((event, data) -> send(viewer, event, data));
        viewers.add(viewer);
        if (closed) {
            viewer.complete();
        }
        return viewer;
    }

    /** Sends an event, its data as JSON. */
    public void publish(String event, Object data) {
        latest.put(event, data);
        viewers.forEach(viewer -> send(viewer, event, data));
    }

    private void send(SseEmitter viewer, String event, Object data) {
        try {
            viewer.send(SseEmitter.event().name(event).data(data, MediaType.APPLICATION_JSON));
        } catch (IOException | IllegalStateException e) {
            LOG.debug("a page is gone", e);
            viewers.remove(viewer);
        }
    }

    /** Returns whether a page is open. */
    boolean isWatched() {
        return !viewers.isEmpty();
    }

    /** An open page is a request under way, and a graceful shutdown would wait for it. */
    @EventListener(ContextClosedEvent.class)
    void close() {
        closed = true;
        viewers.forEach(SseEmitter::complete);
    }
}
