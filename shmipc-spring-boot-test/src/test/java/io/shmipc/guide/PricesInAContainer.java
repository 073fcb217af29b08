package io.shmipc.guide;

import com.github.dockerjava.api.model.Bind;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.testcontainers.containers.GenericContainer;

/** What the guide says about containers; ServiceConnectionIT runs the like with an image that can be had. */
@TestConfiguration(proxyBeanMethods = false)
class PricesInAContainer {

    @Bean
    @ServiceConnection("shmipc")
    GenericContainer<?> prices() {
        return new GenericContainer<>("shop/prices:1.4")
                .withEnv("SHMIPC_SERVER_ADDRESS", "unix:/run/shop/prices.sock")
                .withCreateContainerCmdModifier(command ->
                        command.withUser("1000:1000").getHostConfig().withBinds(Bind.parse("/tmp/shop:/run/shop")));
    }
}
