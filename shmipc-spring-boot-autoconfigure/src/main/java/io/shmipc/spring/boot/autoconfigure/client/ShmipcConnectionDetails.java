package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.ShmipcAddress;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where a server is: a bean of this type takes the place of {@code shmipc.client.address}.
 *
 * <p>For a named client make the bean {@code @Bean(defaultCandidate = false)} with the client's name as its
 * {@code @Qualifier}; it takes the place of {@code shmipc.clients.<name>.address}.
 */
public interface ShmipcConnectionDetails extends ConnectionDetails {

    /** Name of the client that {@code shmipc.client} configures. */
    String DEFAULT_CLIENT = "shmipc";

    /** Returns the server's address. */
    ShmipcAddress getAddress();
}
