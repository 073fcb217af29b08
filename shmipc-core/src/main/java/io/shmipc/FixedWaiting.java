package io.shmipc;

import java.util.function.BooleanSupplier;

/** Waiting that does the same after every look. */
record FixedWaiting(BooleanSupplier afterLook) implements WaitStrategy.Waiting {

    @Override
    public void begin(boolean wokePeer) {}

    @Override
    public boolean keepLooking() {
        return afterLook.getAsBoolean();
    }

    @Override
    public void found(boolean slept) {}
}
