/**
 * What the page shows while it is open: sessions, queues, the region, rates, latencies, health.
 * LiveView takes it from the endpoints and meters that every application with the starter has; Feed sends it.
 * Works with the profile client, too, where there is nothing to measure and to break.
 */
@NullMarked
package io.shmipc.sample.lab.live;

import org.jspecify.annotations.NullMarked;
