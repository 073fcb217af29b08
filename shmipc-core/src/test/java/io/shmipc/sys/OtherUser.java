package io.shmipc.sys;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Runs something as another user: the kernel keeps user and groups per thread, and looks at the thread that connects or
 * creates a file. Only root can.
 */
public final class OtherUser {

    private static final long SETGROUPS = Platform.isArm64() ? 159 : 116;
    private static final long SETRESUID = Platform.isArm64() ? 147 : 117;
    private static final long SETRESGID = Platform.isArm64() ? 149 : 119;

    private OtherUser() {}

    /** Runs something as a user and group without other groups, and without any privilege; returns what it returns. */
    public static <T> T call(int userId, int groupId, Callable<T> what) throws Exception {
        Root.require("only root can act as another user");
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        Libc.syscall(SETGROUPS, 0, 0, 0, 0, 0, 0);
                        become(SETRESGID, groupId);
                        become(SETRESUID, userId);
                        result.complete(what.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                },
                "user-" + userId);
        thread.start();
        thread.join();
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static void become(long call, int id) {
        if (Libc.syscall(call, id, id, id, 0, 0, 0) != 0) {
            throw new IllegalStateException("cannot become " + id + ": " + Errno.name(Libc.errno()));
        }
    }
}
