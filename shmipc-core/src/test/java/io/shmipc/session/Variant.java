package io.shmipc.session;

import io.shmipc.MemoryType;
import io.shmipc.Network;
import io.shmipc.WaitStrategies;
import java.util.ArrayList;
import java.util.List;

/**
 * One way to run a session.
 *
 * @param memory where the memory lies
 * @param network what connects the two sides
 * @param inline whether callbacks run on the thread that drains the queue
 * @param waiting how threads wait
 */
public record Variant(MemoryType memory, Network network, boolean inline, WaitStrategies waiting) {

    /** What a user gets who configures nothing. */
    public static final Variant USUAL = new Variant(MemoryType.MEMFD, Network.UNIX, false, WaitStrategies.ADAPTIVE);

    /** Memory in files, else as usual. */
    public static final Variant FILES = new Variant(MemoryType.FILE, Network.UNIX, false, WaitStrategies.ADAPTIVE);

    /** Returns the variants that every promise holds for. */
    static List<Variant> all() {
        List<Variant> all = new ArrayList<>();
        for (boolean inline : new boolean[] {false, true}) {
            for (WaitStrategies waiting : List.of(WaitStrategies.ADAPTIVE, WaitStrategies.PARK)) {
                all.add(new Variant(MemoryType.MEMFD, Network.UNIX, inline, waiting));
                all.add(new Variant(MemoryType.FILE, Network.UNIX, inline, waiting));
                all.add(new Variant(MemoryType.FILE, Network.TCP, inline, waiting));
            }
            all.add(new Variant(MemoryType.MEMFD, Network.UNIX, inline, WaitStrategies.YIELD));
        }
        all.add(new Variant(MemoryType.MEMFD, Network.UNIX, false, WaitStrategies.BUSY_SPIN));
        return all;
    }

    @Override
    public String toString() {
        return memory + " over " + network + ", callbacks " + (inline ? "inline" : "on an executor") + ", " + waiting;
    }
}
