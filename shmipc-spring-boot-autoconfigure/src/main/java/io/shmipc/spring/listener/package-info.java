/**
 * Calls annotated methods when data arrives: processor, endpoint, registry, container, adapter.
 * The registry is the only bean with a life cycle; it starts one container per listener.
 * Middle floor: imports annotation, message, session and Spring Framework, never Spring Boot.
 * A container makes a new engine listener at each start, because those cannot be restarted.
 */
@NullMarked
package io.shmipc.spring.listener;

import org.jspecify.annotations.NullMarked;
