package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.ShmipcAddress;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/** Where the server is: a bean of this type takes the place of {@code shmipc.client.address}. */
public interface ShmipcConnectionDetails extends ConnectionDetails {

    /** Returns the server's address. */
    ShmipcAddress getAddress();
}
