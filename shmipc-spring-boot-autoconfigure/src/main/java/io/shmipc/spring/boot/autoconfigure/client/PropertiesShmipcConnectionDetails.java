package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.ShmipcAddress;
import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;

/** Takes the address from {@code shmipc.client.address}, or from a named client's property. */
final class PropertiesShmipcConnectionDetails implements ShmipcConnectionDetails {

    private final ShmipcAddress address;

    PropertiesShmipcConnectionDetails(String prefix, String address) {
        this.address = InvalidShmipcPropertyException.translate(prefix, () -> ShmipcAddress.parse(address));
    }

    @Override
    public ShmipcAddress getAddress() {
        return address;
    }
}
