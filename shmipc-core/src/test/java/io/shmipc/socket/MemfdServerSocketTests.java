package io.shmipc.socket;

import io.shmipc.MemoryType;

class MemfdServerSocketTests extends ServerSocketContract {

    @Override
    MemoryType memoryType() {
        return MemoryType.MEMFD;
    }
}
