package io.shmipc.sample.greeting;

import io.shmipc.spring.client.ShmipcExchange;

/** What clients can ask the server for: each method is one message and its reply. */
@ShmipcExchange("greeting.")
public interface Greetings {

    /**
     * Returns the server's greeting.
     *
     * @throws io.shmipc.ShmipcException if the server is not there or does not answer in time
     * @throws io.shmipc.spring.client.ShmipcRemoteException if it answers with an error
     */
    @ShmipcExchange(value = "greet", timeout = "2s")
    Greeting greet(String name);
}
