package io.shmipc.benchmarks.transport;

import io.shmipc.WaitStrategies;
import io.shmipc.benchmarks.transport.ShmipcTransport.Serving;

/** The transports by name. */
public enum Transports {
    FLOOR("floor"),
    ADAPTIVE("shmipc"),
    DEFAULT_SLICES("shmipc-default-slices"),
    CALLBACKS("shmipc-callbacks"),
    BUSY_SPIN("shmipc-busy-spin"),
    YIELD("shmipc-yield"),
    PARK("shmipc-park"),
    AERON("aeron"),
    JDK_SOCKET("jdk-socket"),
    NETTY("netty");

    private final String label;

    Transports(String label) {
        this.label = label;
    }

    /** Returns the name that commands and tables use. */
    public String label() {
        return label;
    }

    /** Returns the transport itself. */
    public Transport transport() {
        return switch (this) {
            case FLOOR -> new FloorTransport();
            case ADAPTIVE -> new ShmipcTransport(WaitStrategies.ADAPTIVE, Serving.BLOCKING, false);
            case DEFAULT_SLICES -> new ShmipcTransport(WaitStrategies.ADAPTIVE, Serving.BLOCKING, true);
            case CALLBACKS -> new ShmipcTransport(WaitStrategies.ADAPTIVE, Serving.CALLBACKS, false);
            case BUSY_SPIN -> new ShmipcTransport(WaitStrategies.BUSY_SPIN, Serving.BLOCKING, false);
            case YIELD -> new ShmipcTransport(WaitStrategies.YIELD, Serving.BLOCKING, false);
            case PARK -> new ShmipcTransport(WaitStrategies.PARK, Serving.BLOCKING, false);
            case AERON -> new AeronTransport();
            case JDK_SOCKET -> new SocketTransport();
            case NETTY -> new NettyTransport();
        };
    }

    /** Returns the transport of a name. */
    public static Transports of(String label) {
        for (Transports one : values()) {
            if (one.label.equals(label)) {
                return one;
            }
        }
        throw new IllegalArgumentException("no transport is called " + label);
    }
}
