package io.shmipc.interop;

import io.shmipc.MemoryType;
import io.shmipc.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * One cell of the matrix that every pair of peers has to pass.
 *
 * @param link memory and network
 * @param serverMode how the server gets its data
 * @param clientMode how the client gets its data
 * @param size payload of a request in bytes
 * @param streams how many streams call at the same time
 */
public record Cell(Link link, Mode serverMode, Mode clientMode, int size, int streams) {

    /** Ways to share memory; a memfd cannot be passed over TCP. */
    public enum Link {
        MEMFD_UNIX(MemoryType.MEMFD, Network.UNIX),
        FILE_UNIX(MemoryType.FILE, Network.UNIX),
        FILE_TCP(MemoryType.FILE, Network.TCP);

        public final MemoryType memory;
        final Network network;

        Link(MemoryType memory, Network network) {
            this.memory = memory;
            this.network = network;
        }

        String memoryName() {
            return memory == MemoryType.FILE ? "file" : "memfd";
        }

        String networkName() {
            return network == Network.UNIX ? "unix" : "tcp";
        }
    }

    /** Ways to get data. */
    public enum Mode {
        /** A thread waits in a read. */
        SYNC,
        /** The stream calls back. */
        CALLBACK;

        String flag() {
            return this == SYNC ? "sync" : "callback";
        }
    }

    /** Too large for the default region of 32 MiB: it must go through the connection. */
    static final int FALLBACK_SIZE = 40 << 20;

    static final List<Integer> SIZES = List.of(1, 100, 4 << 10, 10 << 10, 64 << 10, 1 << 20, FALLBACK_SIZE);
    static final List<Integer> STREAMS = List.of(1, 64);

    /** Holds 64 requests of 1 MiB and their replies. */
    private static final int LARGE_REGION = 256 << 20;

    private static final int DEFAULT_REGION = 32 << 20;

    static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (Link link : Link.values()) {
            for (Mode serverMode : Mode.values()) {
                for (Mode clientMode : Mode.values()) {
                    for (int size : SIZES) {
                        for (int streams : STREAMS) {
                            cells.add(new Cell(link, serverMode, clientMode, size, streams));
                        }
                    }
                }
            }
        }
        return cells;
    }

    /** Returns whether a message does not fit into the region. */
    boolean fallsBack() {
        return size >= FALLBACK_SIZE;
    }

    /** Returns how many of the streams send messages of this size; the others of a fallback cell send small ones. */
    int callers() {
        return fallsBack() ? 1 : streams;
    }

    /** Returns how many calls each of them makes, one after the other. */
    int callsPerStream() {
        int calls = size <= 10 << 10 ? 48 : size <= 64 << 10 ? 16 : size <= 1 << 20 ? 4 : 1;
        return streams == 1 ? calls : Math.max(1, calls / 4);
    }

    int regionBytes() {
        return size == 1 << 20 && streams > 1 ? LARGE_REGION : DEFAULT_REGION;
    }

    @Override
    public String toString() {
        return link.memoryName() + " over " + link.networkName() + ", server " + serverMode.flag() + ", client "
                + clientMode.flag() + ", " + sizeName(size) + ", " + streams + (streams == 1 ? " stream" : " streams");
    }

    static String sizeName(int bytes) {
        if (bytes >= 1 << 20) {
            return (bytes >> 20) + " MiB";
        }
        return bytes >= 1 << 10 ? (bytes >> 10) + " KiB" : bytes + " B";
    }
}
