/**
 * Observations of calls and of message methods: timers, and traces that go through shared memory.
 * ShmipcObservation lists names and keys; a convention bean replaces what they are.
 * Top floor: imports the template and the listener infrastructure; nothing imports it.
 * The trace context travels in the headers of the message, as whatever tracer there is writes it.
 */
@NullMarked
package io.shmipc.spring.boot.autoconfigure.observation;

import org.jspecify.annotations.NullMarked;
