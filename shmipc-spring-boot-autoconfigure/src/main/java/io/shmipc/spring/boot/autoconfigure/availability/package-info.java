/**
 * Makes the application's readiness follow its listeners.
 * A listener that drains or restarts takes no new traffic: the readiness state says so.
 * Top floor: imports events, client and listener infrastructure; nothing imports it.
 * A state that somebody else has set is left alone.
 */
@NullMarked
package io.shmipc.spring.boot.autoconfigure.availability;

import org.jspecify.annotations.NullMarked;
