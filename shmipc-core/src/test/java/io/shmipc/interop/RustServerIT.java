package io.shmipc.interop;

import io.shmipc.interop.InteropTable.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Calls from here to a Rust server. */
@Tag("foreign-matrix")
@RequiresRust
class RustServerIT extends JavaClientContract {

    private ChildProcess process;

    @BeforeAll
    void startProcess() {
        process = RustPeer.start();
    }

    @AfterAll
    void endProcess() {
        process.close();
    }

    @Override
    Row row(Cell cell) {
        return new Row(Foreign.RUST.library(), "client", cell);
    }

    @Override
    ServerPeer startServer(Cell cell) {
        return RustPeer.serve(process, workspace.address(cell.link()), cell.serverMode(), 0);
    }
}
