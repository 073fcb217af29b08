package io.shmipc.socket;

import io.shmipc.MemoryType;

class FileHttpTests extends HttpContract {

    @Override
    MemoryType memoryType() {
        return MemoryType.FILE;
    }
}
