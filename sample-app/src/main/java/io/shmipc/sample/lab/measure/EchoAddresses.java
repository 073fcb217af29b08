package io.shmipc.sample.lab.measure;

import io.shmipc.spring.client.ShmipcExchange;

/** Where the server's process can be reached without shared memory; asked through shared memory. */
@ShmipcExchange("lab.")
interface EchoAddresses {

    /** Returns the path of the unix socket. */
    @ShmipcExchange("unix-socket")
    String unixSocket();

    /** Returns the TCP port on the loopback interface. */
    @ShmipcExchange("tcp-port")
    int tcpPort();
}
