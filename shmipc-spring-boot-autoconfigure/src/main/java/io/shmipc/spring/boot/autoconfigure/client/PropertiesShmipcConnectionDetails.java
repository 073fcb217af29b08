package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.ShmipcAddress;
import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;

/** Takes the address from {@code shmipc.client.address}. */
final class PropertiesShmipcConnectionDetails implements ShmipcConnectionDetails {

    private final ShmipcAddress address;

    PropertiesShmipcConnectionDetails(String address) {
        this.address = InvalidShmipcPropertyException.translate("shmipc.client", () -> ShmipcAddress.parse(address));
    }

    @Override
    public ShmipcAddress getAddress() {
        return address;
    }
}
