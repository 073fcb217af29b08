package io.shmipc.sys;

/** Interrupts the system calls of the thread that made it, again and again until closed, with a harmless signal. */
final class SignalStorm implements AutoCloseable {
    private static final long SYS_GETTID = Platform.isArm64() ? 178 : 186;
    private static final long SYS_TGKILL = Platform.isArm64() ? 131 : 234;

    /** The JVM catches SIGPIPE and ignores it. */
    private static final int SIGPIPE = 13;

    private final Thread sender;
    private volatile boolean stop;
    private volatile int sent;

    SignalStorm() {
        long process = ProcessHandle.current().pid();
        long sleeper = Libc.syscall(SYS_GETTID, 0, 0, 0, 0, 0, 0);
        sender = new Thread(() -> {
            int count = 0;
            while (!stop) {
                if (Libc.syscall(SYS_TGKILL, process, sleeper, SIGPIPE, 0, 0, 0) == 0) {
                    sent = ++count;
                }
                Thread.onSpinWait();
            }
        });
        sender.start();
    }

    int sent() {
        return sent;
    }

    @Override
    public void close() {
        stop = true;
        while (sender.isAlive()) {
            Thread.onSpinWait();
        }
    }
}
