package io.shmipc.spring.message;

import org.jspecify.annotations.Nullable;

/** What a message is in a conversation; the number is the one in the envelope. */
public enum MessageType {
    /** Wants exactly one reply or error with the same correlation number. */
    REQUEST(1),
    /** Answers a request. */
    REPLY(2),
    /** Answers a request that failed: the header {@code code} says why, the payload in words. */
    ERROR(3),
    /** Wants no answer, not even an error. */
    ONE_WAY(4);

    private final byte wireNumber;

    MessageType(int wireNumber) {
        this.wireNumber = (byte) wireNumber;
    }

    byte wireNumber() {
        return wireNumber;
    }

    static @Nullable MessageType of(byte wireNumber) {
        for (MessageType type : values()) {
            if (type.wireNumber == wireNumber) {
                return type;
            }
        }
        return null;
    }
}
