/**
 * The code to copy for a protocol of one's own: a handler that reads and writes the bytes in shared memory itself.
 * It is the fastest way there is, and what Go, Rust and C++ peers understand without further agreement.
 * The listener is configured by shmipc.listeners.raw.
 * What is read lies in shared memory, and is gone when the method returns.
 */
@NullMarked
package io.shmipc.sample.raw;

import org.jspecify.annotations.NullMarked;
