package io.shmipc.sample.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/**
 * A server and a client in two containers, as two users with one group in common. The two live through all tests of a
 * class; a test that ends one of them starts another in its place.
 */
@RequiresDocker
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(300)
abstract class TwoContainersContract {

    static final int GROUP = 2000;
    static final int SERVER_USER = 1001;
    static final int CLIENT_USER = 1002;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Far less than the deadline of a call, which an error that comes late would take. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private static final Pattern MEMORY = Pattern.compile("memory_1_j[0-9a-f]{16}");

    private final MemoryType memoryType;
    private SampleContainer server;
    private SampleContainer client;

    TwoContainersContract(MemoryType memoryType) {
        this.memoryType = memoryType;
    }

    /** Returns the directory that both containers see. */
    abstract String directory();

    /** Makes what the containers share. */
    abstract void prepare();

    /** Lets a container see it. */
    abstract SampleContainer place(SampleContainer container);

    /** Gives a container its user, and the group that the two have in common. */
    abstract SampleContainer identify(SampleContainer container, int user);

    /** Removes what the containers shared. */
    abstract void cleanUp();

    @BeforeAll
    void startBoth() {
        prepare();
        server = server();
        client = client();
        CompletableFuture.allOf(CompletableFuture.runAsync(server::start), CompletableFuture.runAsync(client::start))
                .join();
    }

    @AfterAll
    void removeAll() {
        Stream.of(client, server).filter(Objects::nonNull).forEach(SampleContainer::close);
        cleanUp();
    }

    @Test
    void theyMeetAlthoughEachIsProcessOneOfAnotherUser() {
        awaitAnswer();

        assertThat(server.run("readlink", "/proc/1/exe").trim()).endsWith("/java");
        assertThat(client.run("readlink", "/proc/1/exe").trim()).endsWith("/java");
        assertThat(server.run("id", "-u").trim()).isEqualTo("" + SERVER_USER);
        assertThat(client.run("id", "-u").trim()).isEqualTo("" + CLIENT_USER);
    }

    @Test
    void theMemoryLiesWhereTheClientPutIt() {
        awaitAnswer();

        String files = server.run("ls", "-ln", directory());
        if (memoryType == MemoryType.FILE) {
            assertThat(files).containsPattern("-rw-rw---- 1 " + CLIENT_USER + " +" + GROUP + " .* memory_1_.*_buffer");
        } else {
            assertThat(files).doesNotContain("_buffer");
        }
    }

    @Test
    void aPausedServerIsMissedAndAnswersAgainWhenItGoesOn() throws Exception {
        awaitAnswer();

        server.pause();
        try {
            assertThat(client.front().greet().statusCode()).isGreaterThanOrEqualTo(500);
        } finally {
            server.unpause();
        }
        awaitAnswer();
    }

    @Test
    void aKilledServerIsMissedAndAnotherContainerTakesItsPlace() throws Exception {
        awaitAnswer();

        server.kill();
        server.awaitExit();
        long begun = System.nanoTime();
        HttpResponse<String> missed = client.front().greet();
        assertThat(missed.statusCode()).as(missed.body()).isGreaterThanOrEqualTo(500);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(AT_ONCE);

        server.close();
        server = server().start();
        awaitAnswer();
    }

    @Test
    void aKilledClientIsForgottenAndAnotherContainerTakesItsPlace() {
        awaitAnswer();

        Set<String> names =
                MEMORY.matcher(mapped()).results().map(MatchResult::group).collect(Collectors.toSet());
        assertThat(names).as("the client's memory, which the server maps").isNotEmpty();
        client.kill();
        client.awaitExit();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mapped()).doesNotContain(names));
        if (!isSticky()) {
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(server.run("ls", directory())).doesNotContain(names));
        }
        client.close();
        client = client().start();
        awaitAnswer();
    }

    private String mapped() {
        return server.run("cat", "/proc/1/maps");
    }

    /** Returns whether only its owner can remove a file: another user's stays until a client of that user comes. */
    private boolean isSticky() {
        return server.run("ls", "-ld", directory())
                .substring(0, "drwxrwxrwt".length())
                .endsWith("t");
    }

    @Test
    void aHotRestartMovesTheClientToAThirdContainerAndNoCallIsLost() throws Exception {
        awaitAnswer();
        try (Load load = new Load(client.front())) {
            load.awaitAnswers(20);
            SampleContainer successor = server().start();
            try (SampleContainer first = server) {
                server = successor;
                load.awaitAnswers(20);
                first.terminate();
            }
            load.awaitAnswers(20);
        }
    }

    /** Returns a client that takes this much memory with these permissions, not started yet. */
    SampleContainer client(String bufferCapacity, String fileMode) {
        SampleContainer made = SampleContainer.client()
                .with(
                        "--shmipc.client.address=unix:" + directory() + "/greet.sock",
                        "--shmipc.client.memory-type=" + memoryType.name().toLowerCase(Locale.ROOT),
                        "--shmipc.client.path-prefix=" + directory() + "/memory",
                        "--shmipc.client.file-mode=" + fileMode,
                        "--shmipc.client.buffer-capacity=" + bufferCapacity);
        return identify(place(made), CLIENT_USER);
    }

    private SampleContainer client() {
        return client("8MB", "660");
    }

    private SampleContainer server() {
        SampleContainer made = SampleContainer.server()
                .with(
                        "--shmipc.server.address=unix:" + directory() + "/greet.sock",
                        "--shmipc.server.take-over=true",
                        "--shmipc.server.socket-mode=660",
                        "--shmipc.server.access.group-ids=" + GROUP,
                        "--shmipc.server.access.directories=" + directory());
        return identify(place(made), SERVER_USER);
    }

    String serverLog() {
        return server.log();
    }

    private void awaitAnswer() {
        client.front().await(() -> server.log() + client.log());
    }
}
