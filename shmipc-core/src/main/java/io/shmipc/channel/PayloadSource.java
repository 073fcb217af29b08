package io.shmipc.channel;

import java.nio.ByteBuffer;

/** Hands out the bytes of a message that is too long for one buffer; owned here, provided above. */
@FunctionalInterface
public interface PayloadSource {

    /** Puts the next bytes into {@code target}, as many as fit or are left. */
    void fill(ByteBuffer target);
}
