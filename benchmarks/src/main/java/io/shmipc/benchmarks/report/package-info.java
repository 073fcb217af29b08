/**
 * Turns measurements into pages: medians, tables, goals met or missed, charts.
 * Pure arithmetic and text, so that a run can be written up again without measuring again.
 */
@NullMarked
package io.shmipc.benchmarks.report;

import org.jspecify.annotations.NullMarked;
