/**
 * Streams as java.net sockets, for software that cannot be changed: sockets, server sockets and their factories.
 * Users begin here: ShmipcSockets, or a factory given to a library; the JDK's Socket keeps the state, an impl the
 * stream. Fourth floor: imports the contracts, client and server; nothing imports it.
 * A server sees a connection with its first byte only, so the client must speak first.
 */
@NullMarked
package io.shmipc.socket;

import org.jspecify.annotations.NullMarked;
