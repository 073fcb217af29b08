package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.interop.InteropTable.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every pair of peers promises: each request gets its own reply, whole and in order, and nothing is left behind.
 *
 * <p>Each cell has a server and a client of its own, and its own names.
 */
@Timeout(120)
@ExtendWith(InteropTable.Writer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InteropContract {

    Workspace workspace;

    @BeforeEach
    void chooseNames() {
        workspace = new Workspace();
    }

    @AfterEach
    void removeNames() {
        workspace.close();
    }

    /** Returns the peer and the role that this project's engine has. */
    abstract Row row(Cell cell);

    /** Starts the server of a cell. */
    abstract ServerPeer startServer(Cell cell);

    /** Makes all calls of a cell; fails unless every one of them was answered right. */
    abstract void makeCalls(Cell cell, ServerPeer server);

    @ParameterizedTest
    @MethodSource("io.shmipc.interop.Cell#all")
    void everyCallIsAnswered(Cell cell) {
        InteropTable.record(row(cell), cell, () -> {
            try (ServerPeer server = startServer(cell)) {
                makeCalls(cell, server);
                Totals totals = server.finish();
                assertThat(totals.firstError()).isEmpty();
                assertThat(totals.received()).isGreaterThanOrEqualTo((long) cell.callers() * cell.callsPerStream());
                assertThat(totals.streams()).isGreaterThanOrEqualTo(1);
            }
            workspace.awaitNothingLeft();
        });
    }
}
