/**
 * The ways to reach another process, all behind one interface: each opens what it needs for one job and closes it.
 * All write and read the same messages, in words of eight bytes, through the buffers that the transport itself uses.
 */
@NullMarked
package io.shmipc.benchmarks.transport;

import org.jspecify.annotations.NullMarked;
