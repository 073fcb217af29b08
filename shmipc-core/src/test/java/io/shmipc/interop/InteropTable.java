package io.shmipc.interop;

import io.shmipc.interop.Cell.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Which cells passed: written to {@code target/interop.md} at the end of the run, and to {@code docs/interop.md} when
 * the system property {@value #UPDATE_DOCS} is "true".
 *
 * <p><b>Threads:</b> any, by its lock.
 */
final class InteropTable {

    static final String JAVA = "this engine";

    /** A run with {@code -Dinterop.docs=true} writes the committed table. */
    private static final String UPDATE_DOCS = "interop.docs";

    private static final String PASSED = "ok";
    private static final String FAILED = "**failed**";
    private static final String NOT_RUN = "–";

    private static final Map<Row, Map<String, String>> RESULTS = new TreeMap<>();

    /** What the other tests promise, as their names say it, and how many of their variants kept it. */
    private static final Map<String, Count> PROMISES = new TreeMap<>();

    /**
     * One line of the table.
     *
     * @param peer the other end
     * @param role what this project's engine is
     */
    record Row(String peer, String role, Cell.Link link, Mode serverMode, Mode clientMode) implements Comparable<Row> {

        private static final Comparator<Row> ORDER = Comparator.comparing(Row::peer)
                .reversed()
                .thenComparing(Row::role)
                .thenComparing(Row::link)
                .thenComparing(Row::serverMode)
                .thenComparing(Row::clientMode);

        Row(String peer, String role, Cell cell) {
            this(peer, role, cell.link(), cell.serverMode(), cell.clientMode());
        }

        @Override
        public int compareTo(Row other) {
            return ORDER.compare(this, other);
        }
    }

    private record Count(int passed, int all) {

        static final Count NONE = new Count(0, 0);

        Count with(boolean another) {
            return new Count(passed + (another ? 1 : 0), all + 1);
        }
    }

    private InteropTable() {}

    /** Runs a cell and notes how it went. */
    static void record(Row row, Cell cell, Runnable test) {
        String result = FAILED;
        try {
            test.run();
            result = PASSED;
        } finally {
            note(row, column(cell.size(), cell.streams()), result);
        }
    }

    private static synchronized void note(Row row, String column, String result) {
        RESULTS.computeIfAbsent(row, unused -> new TreeMap<>()).put(column, result);
    }

    private static synchronized void note(ExtensionContext test, boolean passed) {
        if (!test.getRequiredTestMethod().getDeclaringClass().equals(InteropContract.class)) {
            String sentence = test.getRequiredTestMethod()
                    .getName()
                    .replaceAll("(?=\\p{Upper})", " ")
                    .toLowerCase(Locale.ROOT)
                    .replace(" go ", " Go ")
                    .replace(" rust ", " Rust ");
            PROMISES.put(sentence, PROMISES.getOrDefault(sentence, Count.NONE).with(passed));
        }
    }

    private static String column(int size, int streams) {
        return Cell.sizeName(size) + " × " + streams;
    }

    private static void forEachColumn(Consumer<String> action) {
        for (int size : Cell.SIZES) {
            for (int streams : Cell.STREAMS) {
                action.accept(column(size, streams));
            }
        }
    }

    private static synchronized String text() {
        StringBuilder text = new StringBuilder(INTRODUCTION);
        text.append("\nThis run: ").append(System.getProperty("java.vm.name")).append(' ');
        text.append(System.getProperty("java.version"));
        for (Foreign peer : Foreign.values()) {
            text.append(", ").append(peer.library()).append(" built by ").append(peer.tool());
        }
        text.append(".\n");
        text.append("\n| peer | this engine is | memory | network | server | client |");
        forEachColumn(column -> text.append(' ').append(column).append(" |"));
        text.append("\n| --- | --- | --- | --- | --- | --- |");
        forEachColumn(column -> text.append(" --- |"));
        RESULTS.forEach((row, results) -> {
            text.append("\n| ").append(row.peer).append(" | ").append(row.role).append(" | ");
            text.append(row.link.memoryName())
                    .append(" | ")
                    .append(row.link.networkName())
                    .append(" | ");
            text.append(row.serverMode.flag())
                    .append(" | ")
                    .append(row.clientMode.flag())
                    .append(" |");
            forEachColumn(column -> text.append(' ')
                    .append(results.getOrDefault(column, NOT_RUN))
                    .append(" |"));
        });
        text.append("\n\n").append(NOTES).append("\n").append(PROMISES_INTRODUCTION);
        PROMISES.forEach((promise, count) -> text.append("| ")
                .append(promise)
                .append(" | ")
                .append(count.passed == count.all ? count.all + " of " + count.all : FAILED)
                .append(" |\n"));
        return text.toString();
    }

    /** Notes what tests promise, and writes the table when all tests of this JVM have run. */
    static final class Writer implements BeforeAllCallback, TestWatcher {

        @Override
        public void beforeAll(ExtensionContext context) {
            context.getRoot()
                    .getStore(Namespace.create(InteropTable.class))
                    .computeIfAbsent(AtTheEnd.class, unused -> new AtTheEnd());
        }

        @Override
        public void testSuccessful(ExtensionContext context) {
            note(context, true);
        }

        @Override
        public void testFailed(ExtensionContext context, Throwable cause) {
            note(context, false);
        }
    }

    /** Closed by JUnit with the run. */
    private static final class AtTheEnd implements AutoCloseable {

        @Override
        public void close() throws IOException {
            Path module = Module.directory();
            write(module.resolve("target/interop.md"));
            if (Boolean.getBoolean(UPDATE_DOCS)) {
                write(module.resolveSibling("docs/interop.md"));
            }
        }

        private static void write(Path file) throws IOException {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text());
        }
    }

    private static final String INTRODUCTION = """
            # Who talks to whom

            Written by the integration tests of `shmipc-core`. Every run leaves its table in
            `shmipc-core/target/interop.md`; this page is renewed with

                SHMIPC_REQUIRE_INTEROP=true ./mvnw -pl shmipc-core verify -Dinterop.docs=true

            Each message carries a checksum, a sequence number and a known content, and all are checked on both sides.
            A column is the payload of a request × how many streams call at the same time. *sync* reads block,
            *callback* is told. Server and client of a cell are two processes; afterwards no shared memory, socket or
            descriptor of theirs may be left.

            40 MiB do not fit into a region of 32 MiB, so they take the connection. With 64 streams one of them does
            that, while the others are open and carry 100 B through shared memory.
            """;

    private static final String NOTES = """
            *callback* is, with shmipc-rs, which has none, a task that the runtime wakes. That crate ends with a message
            through the connection of more than 32 MiB unless `BUF_READER_CAPACITY` allows more, so its cells of 40 MiB
            run with that variable set. It has neither half close nor hot restart.

            shmipc-go v0.1.1 could not be run: `go mod download github.com/cloudwego/shmipc-go@v0.1.1` ends with "403
            Forbidden … This module version is not available."
            """;

    private static final String PROMISES_INTRODUCTION = """
            ## What else holds

            A variant is a peer, a way to serve or to read, a kind of memory, or a network.

            | promise | variants that kept it |
            | --- | --- |
            """;
}
