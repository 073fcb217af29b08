package io.shmipc.interop;

import io.shmipc.ShmipcAddress;
import io.shmipc.interop.Cell.Mode;
import java.time.Duration;

/** A server in another language, in a process of its own. */
record ForeignServer(ServerPeer server, ChildProcess process) implements ServerPeer {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Starts a server and waits until it listens; skips the test where the peer cannot be built. */
    static ForeignServer start(Foreign peer, ShmipcAddress address, Mode mode) {
        return start(peer, address, mode, 0);
    }

    /** Starts a server that closes a stream after a number of replies; 0: never. */
    static ForeignServer start(Foreign peer, ShmipcAddress address, Mode mode, int closeAfter) {
        peer.require();
        if (peer == Foreign.GO) {
            GoServer server = GoServer.start(address, mode, "-close-after", Integer.toString(closeAfter));
            return new ForeignServer(server, server.process());
        }
        ChildProcess process = RustPeer.start();
        return new ForeignServer(RustPeer.serve(process, address, mode, closeAfter), process);
    }

    @Override
    public ShmipcAddress address() {
        return server.address();
    }

    @Override
    public String prefix() {
        return server.prefix();
    }

    @Override
    public Totals totals() {
        return server.totals();
    }

    @Override
    public Totals finish() {
        Totals totals = server.finish();
        process.end();
        process.awaitExit(PATIENCE);
        return totals;
    }

    @Override
    public void close() {
        process.close();
    }
}
