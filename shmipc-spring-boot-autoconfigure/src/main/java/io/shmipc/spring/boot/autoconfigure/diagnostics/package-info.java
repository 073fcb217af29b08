/**
 * Explains start-up failures: what is wrong, and what to do about it.
 * One analyzer for each kind of exception, listed in META-INF/spring.factories.
 * Top floor: imports shmipc's exceptions, those of clients and listeners, and what clients are; nothing imports it.
 * A sentence of the engine is passed on as it is; the action names Spring Boot's properties.
 */
@NullMarked
package io.shmipc.spring.boot.autoconfigure.diagnostics;

import org.jspecify.annotations.NullMarked;
