/**
 * What the parts of the engine cost, one by one, measured by JMH within one process.
 * The figures say where time goes; what a user gets is measured between two processes.
 */
@NullMarked
package io.shmipc.benchmarks.mechanism;

import org.jspecify.annotations.NullMarked;
