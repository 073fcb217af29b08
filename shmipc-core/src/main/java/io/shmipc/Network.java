package io.shmipc;

/** The kind of connection that carries handshakes and wake-ups. */
public enum Network {
    /** A unix domain socket: the usual choice, and the only one that can pass memfds. */
    UNIX,
    /** TCP between processes of one machine; memory is shared as files. */
    TCP
}
