package io.shmipc.socket;

import io.shmipc.MemoryType;

class FileServerSocketTests extends ServerSocketContract {

    @Override
    MemoryType memoryType() {
        return MemoryType.FILE;
    }
}
