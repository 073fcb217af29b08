/**
 * The code to copy for calls between applications: GreetController, over HTTP, calls Greetings, a typed client, which
 * calls GreetingHandler through shared memory, in another process.
 * Client and server share the interface's route and the record that travels; in two projects, each has its own.
 * The rest is an ordinary web application.
 */
@NullMarked
package io.shmipc.sample.greeting;

import org.jspecify.annotations.NullMarked;
