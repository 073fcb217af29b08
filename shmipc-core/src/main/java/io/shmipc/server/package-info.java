/**
 * Listens for clients: accepting, handshakes, who may connect, hot restart as a server.
 * Users begin here: Listener hands new streams to a callback.
 * Third floor: imports session and what lies below it, never client.
 * A listener maps the memory that its clients made and never deletes what it did not map.
 */
@NullMarked
package io.shmipc.server;

import org.jspecify.annotations.NullMarked;
