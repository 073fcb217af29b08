package io.shmipc.sample.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** Calls from several threads, each as fast as it is answered; closing it fails if any call failed. */
final class Load implements AutoCloseable {

    private static final int CALLERS = 3;

    private final HttpFront front;
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicLong answers = new AtomicLong();
    private final List<CompletableFuture<Void>> callers = new ArrayList<>();

    Load(HttpFront front) {
        this.front = front;
        for (int i = 0; i < CALLERS; i++) {
            callers.add(CompletableFuture.runAsync(this::callUntilDone, task -> new Thread(task, "caller").start()));
        }
    }

    private void callUntilDone() {
        try {
            while (!done.get()) {
                HttpResponse<String> answer = front.greet();
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                answers.incrementAndGet();
            }
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    /** Waits for this many further answers. */
    void awaitAnswers(int further) {
        long enough = answers.get() + further;
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            callers.stream().filter(CompletableFuture::isDone).forEach(CompletableFuture::join);
            return answers.get() >= enough;
        });
    }

    @Override
    public void close() {
        done.set(true);
        callers.forEach(CompletableFuture::join);
    }
}
