/**
 * Calls a listener's message methods: by a template, or by interfaces whose methods are routes.
 * Begin with ShmipcOperations, or with ShmipcExchange and ImportShmipcClients.
 * Middle floor: imports message, the client engine and Spring Framework, never Spring Boot or the listener's side.
 * Every call has a deadline; it is tried again only while nothing of it was sent.
 */
@NullMarked
package io.shmipc.spring.client;

import org.jspecify.annotations.NullMarked;
