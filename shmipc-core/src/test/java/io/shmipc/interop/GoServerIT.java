package io.shmipc.interop;

import io.shmipc.interop.InteropTable.Row;
import org.junit.jupiter.api.Tag;

/** Calls from here to a Go server. */
@Tag("foreign-matrix")
@RequiresGo
class GoServerIT extends JavaClientContract {

    @Override
    Row row(Cell cell) {
        return new Row(Foreign.GO.library(), "client", cell);
    }

    @Override
    ServerPeer startServer(Cell cell) {
        return GoServer.start(workspace.address(cell.link()), cell.serverMode());
    }
}
