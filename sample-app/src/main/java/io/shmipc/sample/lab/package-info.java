/**
 * The lab: a page that shows shared memory at work, measures it and breaks it; everything in it is real.
 * process has the server's process, traffic calls it; live shows, measure compares, breaking breaks.
 * The last three import the first two and never each other, but for live's Feed, which carries what they report.
 * In this package: what holds for the whole lab.
 */
@NullMarked
package io.shmipc.sample.lab;

import org.jspecify.annotations.NullMarked;
