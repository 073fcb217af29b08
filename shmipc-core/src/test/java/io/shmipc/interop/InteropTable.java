package io.shmipc.interop;

import io.shmipc.interop.Cell.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Which cells passed: written to {@code target/interop.md} at the end of the run, and to {@code docs/interop.md} when
 * the system property {@value #UPDATE_DOCS} is "true".
 *
 * <p><b>Threads:</b> any, by its lock.
 */
final class InteropTable {

    static final String GO = "shmipc-go v0.2.0";
    static final String JAVA = "shmipc (Java)";

    /** A run with {@code -Dinterop.docs=true} writes the committed table. */
    private static final String UPDATE_DOCS = "interop.docs";

    private static final String PASSED = "ok";
    private static final String FAILED = "**failed**";
    private static final String NOT_RUN = "–";

    private static final Map<Row, Map<String, String>> RESULTS = new TreeMap<>();

    /**
     * One line of the table.
     *
     * @param peer the other end
     * @param role what this project's engine is
     */
    record Row(String peer, String role, Cell.Link link, Mode serverMode, Mode clientMode) implements Comparable<Row> {

        Row(String peer, String role, Cell cell) {
            this(peer, role, cell.link(), cell.serverMode(), cell.clientMode());
        }

        @Override
        public int compareTo(Row other) {
            return key().compareTo(other.key());
        }

        private String key() {
            return (peer.equals(GO) ? 0 : 1) + role + link.ordinal() + serverMode.ordinal() + clientMode.ordinal();
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

    private static String column(int size, int streams) {
        return Cell.sizeName(size) + " × " + streams;
    }

    private static synchronized String text() {
        StringBuilder text = new StringBuilder(INTRODUCTION);
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
        return text.append("\n\n").append(OTHER_PEERS).toString();
    }

    private static void forEachColumn(java.util.function.Consumer<String> action) {
        for (int size : Cell.SIZES) {
            for (int streams : Cell.STREAMS) {
                action.accept(column(size, streams));
            }
        }
    }

    /** Writes the table when all tests of this JVM have run. */
    static final class Writer implements BeforeAllCallback {

        @Override
        public void beforeAll(ExtensionContext context) {
            context.getRoot()
                    .getStore(Namespace.create(InteropTable.class))
                    .computeIfAbsent(AtTheEnd.class, unused -> new AtTheEnd());
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

            Written by the integration tests of `shmipc-core`; every run leaves its table in
            `shmipc-core/target/interop.md`, and this one is renewed with

                SHMIPC_REQUIRE_INTEROP=true ./mvnw -pl shmipc-core verify -Dinterop.docs=true

            Each message carries a checksum, a sequence number and a known content, and all are checked on both sides.
            A column is the payload of a request × how many streams call at the same time. *sync* reads block,
            *callback* is told. Each cell has its own server and its own client, in two processes; afterwards no shared
            memory, socket or descriptor of theirs may be left. A reply carries a few bytes more than its request.

            40 MiB do not fit into a region of 32 MiB, so they take the connection. With 64 streams one of them does that,
            while the others are open and carry 100 B through shared memory.
            """;

    private static final String OTHER_PEERS = """
            | peer | result |
            | --- | --- |
            | shmipc-go v0.1.1 | not run: not available. The module proxy refuses this version (403). |
            | shmipc-rs | not run yet |
            """;
}
