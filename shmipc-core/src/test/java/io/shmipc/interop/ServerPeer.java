package io.shmipc.interop;

import io.shmipc.ShmipcAddress;

/** A server that echoes frames, wherever it runs and whatever it is written in. */
public interface ServerPeer extends AutoCloseable {

    /** Returns where it listens. */
    ShmipcAddress address();

    /** Returns what each reply begins with. */
    String prefix();

    /** Returns what it has seen so far. */
    Totals totals();

    /** Ends it in order; returns what it saw. */
    Totals finish();

    /** Ends it if it still runs. */
    @Override
    void close();
}
