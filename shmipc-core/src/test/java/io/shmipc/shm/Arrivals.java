package io.shmipc.shm;

import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.StreamClosedException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Chains that have arrived for a reader; one that wants more than there is fails instead of waiting. */
final class Arrivals implements ChainReader.Source {

    private final Deque<Slice> chains = new ArrayDeque<>();
    private ChainReader reader;

    void deliverTo(ChainReader target) {
        reader = target;
    }

    void add(Slice chain) {
        chains.add(chain);
    }

    @Override
    public void awaitLength(int bytes) {
        while (reader != null && reader.held() < bytes && !chains.isEmpty()) {
            reader.append(chains.remove());
        }
        if (reader == null || reader.held() < bytes) {
            throw new ShmipcException(Reason.NOT_ENOUGH_DATA, "A test wants " + bytes + " bytes that never come.");
        }
    }

    @Override
    public ShmipcException closedException() {
        return new StreamClosedException(Reason.STREAM_CLOSED, "A test has closed its reader.");
    }

    @Override
    public void collect() {
        while (!chains.isEmpty()) {
            reader.append(chains.remove());
        }
    }
}
