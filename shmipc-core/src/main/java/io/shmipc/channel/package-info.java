/**
 * The socket beside the shared memory: an event loop, connections, wire messages.
 * Carries handshakes, wake-ups and what did not fit into memory; knows nothing of regions or streams.
 * First floor: imports the ground floor (layout, sys, contracts), not shm.
 * Every length is checked against its message type before a byte of it is stored.
 */
@NullMarked
package io.shmipc.channel;

import org.jspecify.annotations.NullMarked;
