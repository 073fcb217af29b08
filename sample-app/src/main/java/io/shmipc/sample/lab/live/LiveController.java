package io.shmipc.sample.lab.live;

import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** {@code GET /live}: the events of the page, as {@code curl -N} shows them, too. */
@RestController
@Profile("!server")
class LiveController {

    private final Feed feed;

    LiveController(Feed feed) {
        this.feed = feed;
    }

    @GetMapping(path = "/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter live() {
        return feed.subscribe();
    }
}
