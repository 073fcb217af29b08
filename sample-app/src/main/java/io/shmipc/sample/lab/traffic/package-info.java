/**
 * Calls through the typed client, as an application makes them all day: a few for the eye, many for a test.
 * Traffic gives them out, a Load is one of them and counts its answers and failures.
 * Uses the greeting alone, and nothing else of the lab.
 */
@NullMarked
package io.shmipc.sample.lab.traffic;

import org.jspecify.annotations.NullMarked;
