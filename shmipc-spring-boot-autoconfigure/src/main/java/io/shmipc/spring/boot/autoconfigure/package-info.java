/**
 * The properties below {@code shmipc} and what client and server auto-configuration share.
 * Auto-configurations live in the packages below this one, one for each concern.
 * Upper floor: imports shmipc's contracts and Spring Boot; client, server and the rest import it.
 * A property's default is the engine's default; a test compares them.
 */
@NullMarked
package io.shmipc.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
