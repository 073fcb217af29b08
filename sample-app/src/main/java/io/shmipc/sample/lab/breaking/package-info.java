/**
 * What can go wrong, at the press of a button: each Breakage is one, and reports what it sees.
 * Breakages runs them in turn; BreakController is the button.
 * Real failures of real processes and real memory, under real load.
 */
@NullMarked
package io.shmipc.sample.lab.breaking;

import org.jspecify.annotations.NullMarked;
