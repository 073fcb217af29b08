/**
 * The actuator's endpoint {@code shmipc}: sessions, streams, memory and queues as they are now, and what operators can do.
 * ShmipcEndpoint has the operations, for HTTP and JMX alike; the web extension knows status codes.
 * Top floor: imports client and listener infrastructure; nothing imports it.
 * Addresses and paths are shown to those only to whom show-values lets them be shown.
 */
@NullMarked
package io.shmipc.spring.boot.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
