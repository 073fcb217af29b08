package io.shmipc;

/**
 * The wait strategies to choose from.
 *
 * <p><b>Threads:</b> a strategy may be shared by any number of sessions; its state is per session.
 */
public enum WaitStrategies implements WaitStrategy {
    /** Looks while looking pays, and sleeps while it does not: the default. */
    ADAPTIVE {
        @Override
        public Waiting newWaiting() {
            return new AdaptiveWaiting();
        }
    },
    /** Never sleeps: the lowest latency, for a core of its own per waiting process. */
    BUSY_SPIN {
        @Override
        public Waiting newWaiting() {
            return new FixedWaiting(() -> {
                Thread.onSpinWait();
                return true;
            });
        }
    },
    /** Never sleeps, but yields the core after each look. */
    YIELD {
        @Override
        public Waiting newWaiting() {
            return new FixedWaiting(() -> {
                Thread.yield();
                return true;
            });
        }
    },
    /** Sleeps at once: the least processor time, and a wake-up for each message. */
    PARK {
        @Override
        public Waiting newWaiting() {
            return new FixedWaiting(() -> false);
        }
    };

    /** Returns the default strategy. */
    public static WaitStrategy adaptive() {
        return ADAPTIVE;
    }
}
