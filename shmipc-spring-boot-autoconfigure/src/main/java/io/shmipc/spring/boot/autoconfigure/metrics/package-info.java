/**
 * Meters of sessions, shared memory and listeners.
 * ShmipcMeters lists them all; the binders read the engine's counters when they are scraped.
 * Top floor: imports events, client, server and listener infrastructure; nothing imports it.
 * Tags are few: sessions that come and go are added up.
 */
@NullMarked
package io.shmipc.spring.boot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
