/**
 * A Spring Boot application whose answers come through shared memory.
 * Begin with GreetingHandler, the server's half, and Greeter, the client's half.
 * Both halves run in one process, or as two with the profiles server and client.
 * The rest is an ordinary web application.
 */
@NullMarked
package io.shmipc.sample;

import org.jspecify.annotations.NullMarked;
