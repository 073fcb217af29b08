package io.shmipc.interop;

import io.shmipc.Network;
import io.shmipc.ShmipcAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The Go peer as a server. */
public final class GoServer implements ServerPeer {

    static final String PREFIX = "go:";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ChildProcess process;
    private final ShmipcAddress address;

    private GoServer(ChildProcess process, ShmipcAddress address) {
        this.process = process;
        this.address = address;
    }

    /** Starts a server and waits until it listens. */
    public static GoServer start(ShmipcAddress address, Cell.Mode mode, String... flags) {
        List<String> arguments = new ArrayList<>(List.of("server", "-mode", mode.flag(), "-prefix", PREFIX));
        arguments.addAll(GoPeer.at(address));
        arguments.addAll(List.of(flags));
        ChildProcess process = GoPeer.start(arguments);
        String ready = process.await("READY", PATIENCE);
        int port = address.network() == Network.TCP ? Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1)) : 0;
        return new GoServer(process, new ShmipcAddress(address.network(), address.target(), port));
    }

    public ChildProcess process() {
        return process;
    }

    /** Leaves the socket file to a successor at the end. */
    void handOverSocket() {
        process.command("unlink false");
        process.await("OK unlink", PATIENCE);
    }

    /** Hands its clients to the successor, which listens already; returns how long that took. */
    Duration hotRestart(long epoch) {
        process.command("hotrestart " + epoch);
        String done = process.await("HOTRESTART-DONE", PATIENCE);
        return Duration.ofMillis(Long.parseLong(done.substring(done.indexOf("millis=") + "millis=".length())));
    }

    /** Returns how many streams are open. */
    long openStreams() {
        process.command("stats");
        return process.awaitJsonDespiteFailures("STATS", PATIENCE).get("open").asLong();
    }

    @Override
    public ShmipcAddress address() {
        return address;
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public Totals totals() {
        process.command("stats");
        return Totals.of(process.awaitJsonDespiteFailures("STATS", PATIENCE));
    }

    @Override
    public Totals finish() {
        process.command("close");
        Totals totals = Totals.of(process.awaitJsonDespiteFailures("DONE", PATIENCE));
        process.awaitExit(PATIENCE);
        return totals;
    }

    @Override
    public void close() {
        process.close();
    }
}
