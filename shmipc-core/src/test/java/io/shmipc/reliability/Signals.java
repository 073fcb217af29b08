package io.shmipc.reliability;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** Signals to processes, sent without starting a program for each. */
enum Signals {
    KILL(9),
    CONTINUE(18),
    STOP(19);

    private final int number;

    Signals(int number) {
        this.number = number;
    }

    /** Sends it; true if there was a process to take it. */
    boolean send(long pid) {
        return C.LIBRARY.kill((int) pid, number) == 0;
    }

    /** The part of the C library that is needed here. */
    interface C extends Library {
        C LIBRARY = Native.load("c", C.class);

        int kill(int pid, int signal);
    }
}
