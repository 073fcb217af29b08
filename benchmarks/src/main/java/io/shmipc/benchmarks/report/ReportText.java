package io.shmipc.benchmarks.report;

/** The words around the tables. */
final class ReportText {

    static final String HEAD = """
            # Performance

            Made by `benchmarks/run.sh full`; do not edit by hand. Two processes talk to each other; all transports are
            measured in one run per group, in turn, round after round: only figures of one group can be compared.

            """;

    static final String GOALS = """

            ## Goals

            Default configuration unless said; p50 of ping-pong with one message outstanding. Where a goal spans sizes the
            worst size counts.

            """;

    static final String PING_PONG = """

            ## Ping-pong

            One message outstanding. A round trip lasts from writing the request until the answer was read and released.

            - **touch**: 8 bytes of each message are written and read, whatever its size.
            - **fill and sum**: every byte is written, every byte is read, in words of 8 bytes and one loop per message,
              through the buffer that the transport itself uses: the mapping for floor and shmipc, Aeron's claimed buffer, a
              direct buffer that is handed to the socket for the others. No transport gets bulk copies that another lacks.

            | name | what it is |
            | --- | --- |
            | floor | two JVMs on one mapped file, a counter each way, busy spinning, the message in place |
            | shmipc | this library in its default configuration, blocking reads at both ends; beyond 128 KiB the slices are sized so that a message lies in one |
            | shmipc-default-slices | the same, with the default slices beyond 128 KiB: a message is a chain |
            | shmipc-callbacks | the server answers in callbacks on the thread that drains the queue |
            | shmipc-busy-spin, -yield, -park | the other wait strategies, at both ends |
            | aeron | Aeron IPC, busy-spin idle strategy; `tryClaim` up to 64 KiB, `offer` and a fragment assembler beyond |
            | jdk-socket | blocking `SocketChannel`s over a unix domain socket |
            | netty | Netty's epoll transport over a unix domain socket, one event loop at each end |
            | go-go, java-go, go-java | shmipc-go as both ends, as server, as client |

            """;

    static final String TOUCH = "Touch";

    static final String FILL = "Fill and sum";

    static final String ONE_WAY = """
            Of each message 8 bytes are written and read. The receiver confirms every 512 messages, and never more than
            1024 are under way.

            """;

    static final String COSTS = """
            Processor time, switches and allocations between warm-up and end. System calls are counted in runs of their own:
            the difference between many and few messages. Go's processor time includes start and warm-up.

            """;

    static final String FOOTPRINT = """
            Default configuration; every session and stream was used once. Sessions of one session manager share a region.

            """;

    static final String MECHANISMS = """
            JMH, average time per operation in one process; nothing contends, so these are lower bounds.

            """;

    static final String FOOT = """

            Medians hide what a noisy machine does: look at the spread before you believe a small difference.
            """;

    private ReportText() {}
}
