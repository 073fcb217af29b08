/**
 * What the engine's sessions add up to while they come and go.
 * Plain Java without Spring: the listener infrastructure and the metrics share it.
 * Ground floor: imports shmipc's contracts only.
 * Totals of counters never go back, even though sessions end.
 */
@NullMarked
package io.shmipc.spring.session;

import org.jspecify.annotations.NullMarked;
