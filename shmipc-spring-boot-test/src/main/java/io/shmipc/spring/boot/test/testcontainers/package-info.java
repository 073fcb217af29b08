/**
 * Connects a test's application to a listener in a container.
 * Users begin with ServiceConnection on a container that shares a directory with this machine.
 * Top floor: imports the client's auto-configuration, Spring Boot's container support and Testcontainers; all optional.
 * A unix socket crosses the container's border through a bind mount; memory needs no mount of its own.
 */
@NullMarked
package io.shmipc.spring.boot.test.testcontainers;

import org.jspecify.annotations.NullMarked;
