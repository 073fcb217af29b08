/**
 * A Spring Boot application whose answers come through shared memory.
 * To copy: greeting (typed calls), raw (bytes in place), lines (a format of one's own).
 * To see it at work: lab, which starts the server as a second process, measures it and breaks it.
 * Profiles: none for the lab, server and client for one half, single for both halves in one process.
 */
@NullMarked
package io.shmipc.sample;

import org.jspecify.annotations.NullMarked;
