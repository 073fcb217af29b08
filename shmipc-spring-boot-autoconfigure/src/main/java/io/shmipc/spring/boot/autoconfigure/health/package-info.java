/**
 * Tells the Actuator whether calls can be made and whether clients can connect.
 * One contributor for all session managers, one for all listeners.
 * Top floor: imports client, server and the listener infrastructure; nothing imports it.
 * Looking at health makes no call to a peer.
 */
@NullMarked
package io.shmipc.spring.boot.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
