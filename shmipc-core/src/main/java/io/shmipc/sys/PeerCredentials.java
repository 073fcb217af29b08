package io.shmipc.sys;

/**
 * Who is at the other end of a unix socket, as the kernel noted when it was connected.
 *
 * @param pid the process, 0 if it is outside this process's pid namespace
 * @param uid the user
 * @param gid the group
 */
public record PeerCredentials(int pid, int uid, int gid) {

    /** Returns the user that this process acts as. */
    public static int ownUserId() {
        return Libc.geteuid();
    }
}
