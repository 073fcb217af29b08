package io.shmipc.spring.boot.test.testcontainers;

import io.shmipc.ShmipcAddress;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcConnectionDetails;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.testcontainers.containers.Container;

/**
 * Finds the address of a listener in a container that is annotated with {@code @ServiceConnection("shmipc")}.
 *
 * <p>The container says where it listens with the variable {@code SHMIPC_SERVER_ADDRESS}, which a Spring Boot
 * application takes for {@code shmipc.server.address}, or with the label {@code io.shmipc.address}. The socket lies in
 * a directory that is mounted from this machine.
 *
 * <p>It takes the place of {@code shmipc.client.address} only. A client by name gets its address from its property, which
 * names the socket in the mounted directory.
 */
final class ShmipcContainerConnectionDetailsFactory
        extends ContainerConnectionDetailsFactory<Container<?>, ShmipcConnectionDetails> {

    private static final String CONNECTION_NAME = "shmipc";

    ShmipcContainerConnectionDetailsFactory() {
        super(CONNECTION_NAME);
    }

    @Override
    protected ShmipcConnectionDetails getContainerConnectionDetails(ContainerConnectionSource<Container<?>> source) {
        return new Details(source);
    }

    private static final class Details extends ContainerConnectionDetails<Container<?>>
            implements ShmipcConnectionDetails {

        private Details(ContainerConnectionSource<Container<?>> source) {
            super(source);
        }

        @Override
        public ShmipcAddress getAddress() {
            return SharedSocket.of(getContainer().getContainerInfo());
        }
    }
}
