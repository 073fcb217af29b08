package io.shmipc.socket;

import io.shmipc.MemoryType;

class FileSocketTests extends SocketContract {

    @Override
    MemoryType memoryType() {
        return MemoryType.FILE;
    }
}
