/**
 * What is measured, and what one process notes while it is: patterns, messages, gauges.
 * Ground floor: every other room of the benchmarks imports it, it imports none.
 */
@NullMarked
package io.shmipc.benchmarks.job;

import org.jspecify.annotations.NullMarked;
