/**
 * Shared memory: mappings and their lifetime, regions, free lists, slices, chains of slices, queues.
 * Knows nothing of connections or sessions; every field that a peer can write is checked when it is read.
 * First floor: imports the ground floor (layout, sys, contracts), not channel.
 * The geometry of a mapping is read once and kept privately; later changes by a peer have no effect.
 */
@NullMarked
package io.shmipc.shm;

import org.jspecify.annotations.NullMarked;
