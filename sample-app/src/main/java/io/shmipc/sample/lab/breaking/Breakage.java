package io.shmipc.sample.lab.breaking;

import java.util.concurrent.TimeoutException;

/** Something that goes wrong on purpose, while calls go on. */
interface Breakage {

    /** Returns its name in the address, such as {@code kill-server}. */
    String name();

    /**
     * Breaks, watches, and waits until all is well again.
     *
     * @throws TimeoutException if it does not get well
     */
    void run(Report report) throws InterruptedException, TimeoutException;
}
