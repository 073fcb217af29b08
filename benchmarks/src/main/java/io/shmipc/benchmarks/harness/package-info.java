/**
 * Starts the worker processes, gives them jobs in turn, round after round, and gathers what they answer.
 * Knows transports only by name; runs nothing that is measured itself.
 */
@NullMarked
package io.shmipc.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
