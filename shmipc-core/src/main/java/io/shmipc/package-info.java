/**
 * Contracts that users import: sessions, streams, buffers, configuration, metrics, errors.
 * Interfaces, records and exceptions only: no sockets, no memory, no threads.
 * Ground floor: imports the JDK and JSpecify; every room may import it.
 * The names follow shmipc's own vocabulary: session, stream, slice, queue, region.
 */
@NullMarked
package io.shmipc;

import org.jspecify.annotations.NullMarked;
