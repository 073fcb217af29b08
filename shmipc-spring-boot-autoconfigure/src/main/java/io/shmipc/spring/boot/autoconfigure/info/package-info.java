/**
 * What the actuator's info endpoint says about shmipc.
 * One contributor with names and kinds, without addresses.
 * Top floor: imports client and listener infrastructure; nothing imports it.
 * Switched with management.info.shmipc.enabled.
 */
@NullMarked
package io.shmipc.spring.boot.autoconfigure.info;

import org.jspecify.annotations.NullMarked;
