/**
 * Sessions and streams: handshakes, the message router, the consumer of the queue, callbacks, counters.
 * Joins shared memory and socket: data through the queue, wake-ups and what did not fit through the connection.
 * Second floor: imports shm, channel and the ground floor, never client or server.
 * Whoever waits looks: the thread that reads drains the queue, for itself and for the others.
 */
@NullMarked
package io.shmipc.session;

import org.jspecify.annotations.NullMarked;
