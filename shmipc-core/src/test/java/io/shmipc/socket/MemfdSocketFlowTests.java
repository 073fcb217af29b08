package io.shmipc.socket;

import io.shmipc.MemoryType;

class MemfdSocketFlowTests extends SocketFlowContract {

    @Override
    MemoryType memoryType() {
        return MemoryType.MEMFD;
    }
}
