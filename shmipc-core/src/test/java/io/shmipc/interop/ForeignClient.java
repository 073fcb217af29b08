package io.shmipc.interop;

import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.Cell.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Starts clients in another language, each in a process of its own. They all say READY when they are connected, and
 * take "stop".
 */
final class ForeignClient {

    private static final int REGION = 32 << 20;
    private static final int QUEUE = 8192;

    private ForeignClient() {}

    /**
     * What the callers of a client do.
     *
     * @param callers how many streams call at the same time
     * @param calls how many calls each makes for each size, 0: until it is told to stop
     * @param sizes of the requests in bytes
     * @param callsPerStream after how many calls a stream is closed and another taken, 0: at the end
     */
    record Calls(
            Mode mode,
            int callers,
            int calls,
            List<Integer> sizes,
            int callsPerStream,
            int regionBytes,
            int queueCapacity) {

        Calls(Mode mode, int callers, int calls, List<Integer> sizes) {
            this(mode, callers, calls, sizes, 0, REGION, QUEUE);
        }

        Calls closingAStreamAfter(int count) {
            return new Calls(mode, callers, calls, sizes, count, regionBytes, queueCapacity);
        }

        Calls with(int region, int queue) {
            return new Calls(mode, callers, calls, sizes, callsPerStream, region, queue);
        }
    }

    /** Starts a client that calls; skips the test where the peer cannot be built. */
    static ChildProcess call(Foreign peer, ServerPeer server, Link link, Workspace workspace, Calls calls) {
        peer.require();
        return peer == Foreign.GO
                ? callFromGo(server, link, workspace, calls)
                : callFromRust(server, link, workspace, calls);
    }

    private static ChildProcess callFromGo(ServerPeer server, Link link, Workspace workspace, Calls calls) {
        List<String> flags = new ArrayList<>(List.of("-mode", calls.mode.flag(), "-prefix", server.prefix()));
        flags.addAll(List.of("-streams", Integer.toString(calls.callers), "-putback=false"));
        flags.addAll(List.of("-calls-per-stream", Integer.toString(calls.callsPerStream)));
        flags.addAll(List.of("-sizes", calls.sizes.stream().map(String::valueOf).collect(Collectors.joining(","))));
        flags.addAll(List.of("-deadline", CallingClient.DEADLINE.toSeconds() + "s"));
        flags.addAll(List.of("-buffer-bytes", Integer.toString(calls.regionBytes)));
        flags.addAll(List.of("-queue-cap", Integer.toString(calls.queueCapacity)));
        flags.addAll(
                calls.calls == 0 ? List.of("-duration", "120s") : List.of("-count", Integer.toString(calls.calls)));
        return GoClient.start("client", server.address(), link, workspace, flags.toArray(String[]::new));
    }

    private static ChildProcess callFromRust(ServerPeer server, Link link, Workspace workspace, Calls calls) {
        ChildProcess process = RustPeer.start();
        Map<String, Object> options = Map.of(
                "mode", calls.mode.flag(),
                "callers", calls.callers,
                "calls", calls.calls,
                "sizes", calls.sizes,
                "callsPerStream", calls.callsPerStream,
                "regionBytes", calls.regionBytes,
                "queueCapacity", calls.queueCapacity);
        RustPeer.connect(process, "call", server, link, workspace, options);
        return process;
    }

    /**
     * Starts a client that sends frames on one stream, reads to its end or not at all, and closes it; then it says OK
     * and keeps its session until it is told to stop.
     */
    static ChildProcess send(
            Foreign peer,
            ServerPeer server,
            Link link,
            Workspace workspace,
            int frames,
            int size,
            int regionBytes,
            boolean read) {
        peer.require();
        if (peer == Foreign.GO) {
            List<String> flags = new ArrayList<>(List.of("-frames", Integer.toString(frames)));
            flags.addAll(List.of("-size", Integer.toString(size), "-buffer-bytes", Integer.toString(regionBytes)));
            flags.addAll(List.of("-deadline", CallingClient.DEADLINE.toSeconds() + "s"));
            flags.addAll(read ? List.of("-prefix", server.prefix()) : List.of("-linger", "120s"));
            return GoClient.start(
                    read ? "half" : "write-then-close",
                    server.address(),
                    link,
                    workspace,
                    flags.toArray(String[]::new));
        }
        ChildProcess process = RustPeer.start();
        Map<String, Object> options = Map.of("frames", frames, "size", size, "regionBytes", regionBytes, "read", read);
        RustPeer.connect(process, "send", server, link, workspace, options);
        return process;
    }
}
