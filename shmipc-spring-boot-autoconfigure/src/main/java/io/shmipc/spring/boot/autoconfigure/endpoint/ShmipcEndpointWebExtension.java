package io.shmipc.spring.boot.autoconfigure.endpoint;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/** Gives the endpoint's operations their status codes: 404 for what is not there, 409 for a restart that failed. */
@EndpointWebExtension(endpoint = ShmipcEndpoint.class)
public final class ShmipcEndpointWebExtension {

    private static final int STATUS_CONFLICT = 409;

    private final ShmipcEndpoint endpoint;
    private final Set<String> roles;

    /**
     * @param roles whoever has one of these is authorized to see values
     */
    public ShmipcEndpointWebExtension(ShmipcEndpoint endpoint, Set<String> roles) {
        this.endpoint = endpoint;
        this.roles = roles;
    }

    /** Describes all clients and listeners. */
    @ReadOperation
    public ShmipcDescriptor shmipc(SecurityContext securityContext) {
        return endpoint.describe(endpoint.showValues().isShown(securityContext, roles));
    }

    /** Looks at one session and its streams, or into the memory that this process shares. */
    @ReadOperation
    public WebEndpointResponse<OperationResponseBody> inspect(
            SecurityContext securityContext, @Selector String what, @Nullable Duration watch) {
        return found(endpoint.inspect(what, watch, endpoint.showValues().isShown(securityContext, roles)));
    }

    /** Sends the clients of a listener to its successor. */
    @WriteOperation
    public WebEndpointResponse<HotRestartDescriptor> hotRestart(@Selector String listener) {
        HotRestartDescriptor result = endpoint.hotRestart(listener);
        return result == null || result.moved() ? found(result) : new WebEndpointResponse<>(result, STATUS_CONFLICT);
    }

    /** Closes a session. */
    @DeleteOperation
    public WebEndpointResponse<SessionDescriptor> closeSession(@Selector String session) {
        return found(endpoint.closeSession(session));
    }

    private static <T> WebEndpointResponse<T> found(@Nullable T body) {
        return body == null
                ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
                : new WebEndpointResponse<>(body);
    }
}
