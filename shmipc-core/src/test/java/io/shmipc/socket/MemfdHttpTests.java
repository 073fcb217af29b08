package io.shmipc.socket;

import io.shmipc.MemoryType;

class MemfdHttpTests extends HttpContract {

    @Override
    MemoryType memoryType() {
        return MemoryType.MEMFD;
    }
}
