package io.shmipc.spring.boot.autoconfigure.endpoint;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * How a hot restart ended.
 *
 * @param listener the listener's name
 * @param moved whether all clients have connected to the successor
 * @param problem why they have not; null if they have
 */
public record HotRestartDescriptor(
        String listener, boolean moved, @Nullable String problem) implements OperationResponseBody {}
