package io.shmipc;

/**
 * Looks as long as looking has paid recently.
 *
 * <p>A wait spins for a few microseconds, then yields until its budget is spent, then sleeps. When sleeps turn out to
 * have been long, the budget shrinks to nothing; a sleep that was short shows that looking would have paid and
 * restores it. A wait that follows a wake-up of the peer yields from the start: the kernel may have put the peer on
 * this very core.
 */
final class AdaptiveWaiting implements WaitStrategy.Waiting {

    /** Looks between two readings of the clock; a look costs about as much as a tenth of a reading. */
    private static final int LOOKS_PER_CLOCK = 64;

    private static final long SPIN_NANOS = 20_000;
    private static final long MAX_BUDGET_NANOS = 100_000;

    /** A sleep shorter than this would have been better spent looking. */
    private static final long WORTH_LOOKING_NANOS = 250_000;

    /** Waits in a row that looked in vain before looking stops. */
    private static final int PATIENCE = 4;

    private int looks;
    private long beginNanos;
    private long nowNanos;
    private boolean spinFirst;
    private int vainWaits;

    @Override
    public void begin(boolean wokePeer) {
        looks = 0;
        spinFirst = !wokePeer;
    }

    @Override
    public boolean keepLooking() {
        int look = looks++;
        if (look < LOOKS_PER_CLOCK && spinFirst) {
            return true;
        }
        if (look % LOOKS_PER_CLOCK == 0 || !spinFirst) {
            nowNanos = System.nanoTime();
            if (beginNanos == 0 || look <= LOOKS_PER_CLOCK) {
                beginNanos = nowNanos;
            }
        }
        if (vainWaits >= PATIENCE) {
            return false;
        }
        long waited = nowNanos - beginNanos;
        if (waited > MAX_BUDGET_NANOS) {
            return false;
        }
        if (spinFirst && waited < SPIN_NANOS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
        return true;
    }

    @Override
    public void found(boolean slept) {
        if (!slept) {
            vainWaits = 0;
        } else if (System.nanoTime() - beginNanos < WORTH_LOOKING_NANOS) {
            vainWaits = 0;
        } else if (vainWaits < PATIENCE) {
            vainWaits++;
        }
    }
}
