package io.shmipc.spring.listener;

import io.shmipc.server.ListenerConfig;

/**
 * A listener that methods can refer to by name: a bean of this type is all that another listener takes.
 *
 * @param name what {@code @ShmipcListener(listener = …)} refers to
 * @param config where it listens and what it accepts
 */
public record ListenerDefinition(String name, ListenerConfig config) {}
