/**
 * Makes the listener that serves the annotated methods of an application.
 * Users begin with shmipc.server.address and an annotated method.
 * Upper floor: imports the listener infrastructure and the properties, never client.
 * Every bean gives way to the application's own.
 */
@NullMarked
package io.shmipc.spring.boot.autoconfigure.server;

import org.jspecify.annotations.NullMarked;
