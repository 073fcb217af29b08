/**
 * What happens to listeners and sessions, as application events.
 * Users begin here: an event listener method takes one of ShmipcEvent's records, or ShmipcEvent for all.
 * Ground floor: imports shmipc's contracts only; the auto-configuration publishes the events.
 * Events come from the threads on which things happen: whoever takes long hands over to a thread of their own.
 */
@NullMarked
package io.shmipc.spring.event;

import org.jspecify.annotations.NullMarked;
