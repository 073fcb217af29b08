/**
 * Publishes what happens to listeners and sessions as application events.
 * One bean watches the listeners, another every session manager of the context.
 * Upper floor: imports events, client engine and listener infrastructure; availability imports it.
 * Events that come while the context closes and that nobody can receive any more are dropped.
 */
@NullMarked
package io.shmipc.spring.boot.autoconfigure.event;

import org.jspecify.annotations.NullMarked;
