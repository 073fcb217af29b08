package io.shmipc;

/** Where a client puts the memory that it shares. */
public enum MemoryType {
    /** Files below a path prefix, usually in /dev/shm; works over unix sockets and TCP on one machine. */
    FILE,
    /** Anonymous memory passed by descriptor; unix sockets only, nothing to clean up after a crash. */
    MEMFD
}
