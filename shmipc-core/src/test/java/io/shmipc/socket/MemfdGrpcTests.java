package io.shmipc.socket;

import io.shmipc.MemoryType;

class MemfdGrpcTests extends GrpcContract {

    @Override
    MemoryType memoryType() {
        return MemoryType.MEMFD;
    }
}
