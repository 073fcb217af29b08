package io.shmipc.socket;

import io.shmipc.MemoryType;

class FileGrpcTests extends GrpcContract {

    @Override
    MemoryType memoryType() {
        return MemoryType.FILE;
    }
}
