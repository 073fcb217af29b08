/**
 * Interleavings of free lists and queues, two actors as two processes over one memory.
 *
 * <p>The package is that of the structures, whose steps are nobody else's business.
 */
@NullMarked
package io.shmipc.shm;

import org.jspecify.annotations.NullMarked;
