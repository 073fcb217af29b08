package io.shmipc.socket;

import io.shmipc.MemoryType;

class FileSocketFlowTests extends SocketFlowContract {

    @Override
    MemoryType memoryType() {
        return MemoryType.FILE;
    }
}
