package io.shmipc.reliability;

/** Where a {@link Victim} is killed: just behind what the constant says it has done. */
enum Step {
    CONNECTED(true),
    HALF_A_MESSAGE_SENT(true),
    FILES_CREATED(true),
    FILES_NAMED(true),
    VERSION_SENT(true),
    MEMFDS_NAMED(true),
    DESCRIPTORS_SENT(true),
    SLICE_ALLOCATED(true),
    ELEMENT_WRITTEN(true),
    TAIL_PUBLISHED(true),
    HALF_RECYCLED(true),
    HOT_RESTART_ASKED_FOR(true),

    ACCEPTED(false),
    VERSION_ANSWERED(false),
    READY_FOR_DESCRIPTORS(false),
    MEMORY_MAPPED(false),
    REQUEST_TAKEN(false),
    REQUEST_HALF_RECYCLED(false),
    REPLY_ALLOCATED(false),
    REPLY_ELEMENT_WRITTEN(false),
    REPLY_TAIL_PUBLISHED(false),
    HOT_RESTART_SENT(false);

    /** Whether the victim is a client; it is a server otherwise. */
    final boolean client;

    Step(boolean client) {
        this.client = client;
    }

    boolean usesFiles() {
        return this == FILES_CREATED || this == FILES_NAMED;
    }
}
