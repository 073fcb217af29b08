/**
 * Byte offsets that both processes share: what lies where, who writes it, and ordered access to it.
 * Constants and arithmetic only: no state, no locks, no input or output.
 * Ground floor: imports only the JDK; every room may import it.
 * Changing a number breaks Go and Rust peers.
 */
@NullMarked
package io.shmipc.layout;

import org.jspecify.annotations.NullMarked;
