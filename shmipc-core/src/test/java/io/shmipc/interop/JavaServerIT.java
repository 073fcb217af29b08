package io.shmipc.interop;

import io.shmipc.interop.InteropTable.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Calls from here to the same engine in another process: one more peer of the same contract. */
class JavaServerIT extends JavaClientContract {

    private ChildProcess process;

    @BeforeAll
    void startProcess() {
        process = JavaPeer.start();
    }

    @AfterAll
    void endProcess() {
        process.close();
    }

    @Override
    Row row(Cell cell) {
        return new Row(InteropTable.JAVA, "client", cell);
    }

    @Override
    ServerPeer startServer(Cell cell) {
        return JavaPeer.serve(process, workspace.address(cell.link()), EchoServer.serving(cell.serverMode()));
    }
}
