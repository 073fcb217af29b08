package io.shmipc.channel;

/** A thread that does not keep the process alive. */
public final class DaemonThread extends Thread {

    public DaemonThread(Runnable task, String name) {
        super(task, name);
        setDaemon(true);
    }
}
