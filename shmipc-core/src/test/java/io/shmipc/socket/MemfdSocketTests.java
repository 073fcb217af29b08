package io.shmipc.socket;

import io.shmipc.MemoryType;

class MemfdSocketTests extends SocketContract {

    @Override
    MemoryType memoryType() {
        return MemoryType.MEMFD;
    }
}
