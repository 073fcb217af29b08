/**
 * Makes the session manager that an application calls a server with.
 * Users begin with shmipc.client.address, or with connection details from elsewhere.
 * Upper floor: imports the client engine and the properties, never server or listener infrastructure.
 * Every bean gives way to the application's own.
 */
@NullMarked
package io.shmipc.spring.boot.autoconfigure.client;

import org.jspecify.annotations.NullMarked;
