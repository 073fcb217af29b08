package io.shmipc;

import java.util.function.LongSupplier;

/**
 * Looks as long as looking has paid recently.
 *
 * <p>A wait spins for a few microseconds, then yields until its budget is spent, then sleeps. When sleeps turn out to
 * have been long, the budget shrinks to nothing; a sleep that was short shows that looking would have paid and
 * restores it.
 *
 * <p>Spinning keeps the peer from working if both share a core, so two waits yield from the start: one that follows a
 * wake-up of the peer, which the kernel may have put on this very core; and one after several that spun in vain and
 * had their data as soon as they yielded. From time to time such a wait spins nevertheless, and goes back to spinning
 * if that pays. A wait that follows a wake-up and is the first for a while sleeps at once: waking up takes longer than
 * looking pays for.
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

    /** Spins in a row that a yield ended, before spinning stops. */
    private static final int SPINS_IN_VAIN = 4;

    /** A peer that waits for this core answers within so many yields. */
    private static final int YIELDS_TO_PEER = 2;

    /** While spinning has stopped, one wait of so many spins. */
    private static final int WAITS_PER_PROBE = 64;

    /** Traffic in which wake-ups are further apart than this is better off asleep. */
    private static final long FLOWING_NANOS = 250_000;

    private final LongSupplier clock;
    private int looks;
    private int yields;
    private long beginNanos;
    private long nowNanos;
    private boolean spinFirst;
    private boolean sleepAtOnce;
    private long wokeNanos;
    private int spinsInVain;
    private int waitsToProbe;
    private int vainWaits;

    AdaptiveWaiting() {
        this(System::nanoTime);
    }

    /** @param clock tells nanoseconds since some time */
    AdaptiveWaiting(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public void begin(boolean wokePeer) {
        looks = 0;
        yields = 0;
        spinFirst = !wokePeer && (spinsInVain < SPINS_IN_VAIN || isProbe());
        sleepAtOnce = wokePeer && isRare();
    }

    private boolean isRare() {
        beginNanos = clock.getAsLong();
        boolean rare = beginNanos - wokeNanos > FLOWING_NANOS;
        wokeNanos = beginNanos;
        return rare;
    }

    /** Returns whether the wait spins, and has not yielded yet. */
    boolean isSpinning() {
        return spinFirst && yields == 0;
    }

    private boolean isProbe() {
        if (--waitsToProbe > 0) {
            return false;
        }
        waitsToProbe = WAITS_PER_PROBE;
        return true;
    }

    @Override
    public boolean keepLooking() {
        if (sleepAtOnce) {
            return false;
        }
        int look = looks++;
        if (spinFirst && look < LOOKS_PER_CLOCK) {
            return true;
        }
        if (!spinFirst || look % LOOKS_PER_CLOCK == 0) {
            nowNanos = clock.getAsLong();
            if (look == (spinFirst ? LOOKS_PER_CLOCK : 0)) {
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
            yields++;
            Thread.yield();
        }
        return true;
    }

    @Override
    public void found(boolean slept) {
        judgeSpinning(slept);
        if (!slept) {
            vainWaits = 0;
        } else if (clock.getAsLong() - beginNanos < WORTH_LOOKING_NANOS) {
            vainWaits = 0;
        } else if (vainWaits < PATIENCE) {
            vainWaits++;
        }
    }

    private void judgeSpinning(boolean slept) {
        if (!spinFirst || slept) {
            return;
        }
        if (yields == 0) {
            spinsInVain = 0;
        } else if (yields <= YIELDS_TO_PEER && spinsInVain < SPINS_IN_VAIN) {
            spinsInVain++;
            waitsToProbe = WAITS_PER_PROBE;
        }
    }
}
