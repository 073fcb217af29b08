package io.shmipc.sample.lab.measure;

import com.fasterxml.jackson.annotation.JsonValue;

/** A way between the two processes. */
enum Transport {
    /** Streams of shmipc. */
    SHARED_MEMORY("shared-memory", "shared memory"),
    /** A unix socket. */
    UNIX_SOCKET("unix-socket", "Unix socket"),
    /** TCP on the loopback interface. */
    TCP("tcp", "TCP");

    private final String id;
    private final String words;

    Transport(String id, String words) {
        this.id = id;
        this.words = words;
    }

    @JsonValue
    String id() {
        return id;
    }

    String words() {
        return words;
    }
}
