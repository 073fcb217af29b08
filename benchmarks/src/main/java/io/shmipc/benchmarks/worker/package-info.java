/**
 * One process of a measured pair: takes jobs on stdin, runs them over its transport, prints what it measured.
 * Between jobs it waits for its next line and does nothing else, so that pairs do not disturb each other.
 */
@NullMarked
package io.shmipc.benchmarks.worker;

import org.jspecify.annotations.NullMarked;
