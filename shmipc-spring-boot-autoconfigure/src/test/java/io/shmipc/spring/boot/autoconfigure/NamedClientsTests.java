package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ShmipcAddress;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.boot.autoconfigure.client.SessionManagerConfigCustomizer;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcConnectionDetails;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Clients by name: what they inherit, how they are injected. No server listens here. */
@Timeout(30)
class NamedClientsTests {

    private final ApplicationContextRunner runner = Contexts.everything()
            .withPropertyValues(
                    "shmipc.clients.orders.address=/nowhere/orders.sock",
                    "shmipc.clients.order-items.address=/nowhere/items.sock");

    @Test
    void eachNameIsAQualifiedSessionManager() {
        runner.withBean(Holder.class).run(context -> {
            Holder holder = context.getBean(Holder.class);
            assertThat(address(holder.orders)).isEqualTo("unix:/nowhere/orders.sock");
            assertThat(address(holder.items)).isEqualTo("unix:/nowhere/items.sock");
            assertThat(holder.unqualified).isNull();
            assertThat(context.getBeanNamesForType(SessionManager.class))
                    .containsExactlyInAnyOrder("ordersSessionManager", "order-itemsSessionManager");
        });
    }

    @Test
    void theClientWithoutANameIsTheUnqualifiedOne() {
        runner.withPropertyValues("shmipc.client.address=/nowhere/simple.sock")
                .withBean(Holder.class)
                .run(context -> {
                    Holder holder = context.getBean(Holder.class);
                    assertThat(address(holder.unqualified)).isEqualTo("unix:/nowhere/simple.sock");
                    assertThat(address(holder.orders)).isEqualTo("unix:/nowhere/orders.sock");
                    assertThat(context.getBeansOfType(SessionManager.class)).hasSize(3);
                });
    }

    @Test
    void namedClientsBeginWithTheDefaultsAndDifferWhereTheySaySo() {
        runner.withPropertyValues(
                        "shmipc.client.queue-capacity=64",
                        "shmipc.client.initialize-timeout=3s",
                        "shmipc.client.slice-sizes[0].size=4076B",
                        "shmipc.client.slice-sizes[0].percent=100",
                        "shmipc.clients.orders.queue-capacity=128",
                        "shmipc.clients.orders.sessions=2")
                .run(context -> {
                    SessionManager orders = named(context, "orders");
                    assertThat(orders.config().sessions()).isEqualTo(2);
                    assertThat(orders.config().config().queueCapacity()).isEqualTo(128);
                    assertThat(orders.config().config().initializeTimeout()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(orders.config().config().sliceSizes()).hasSize(1);
                    SessionManager items = named(context, "order-items");
                    assertThat(items.config().sessions()).isEqualTo(1);
                    assertThat(items.config().config().queueCapacity()).isEqualTo(64);
                    assertThat(context.getBean(ShmipcProperties.class)
                                    .getClients()
                                    .get("orders")
                                    .getInitializeTimeout())
                            .isEqualTo(Duration.ofSeconds(3));
                });
    }

    @Test
    void oneNameCanBeSwitchedOffAndAllCan() {
        runner.withPropertyValues("shmipc.clients.orders.enabled=false")
                .run(context -> assertThat(context.getBeanNamesForType(SessionManager.class))
                        .containsExactly("order-itemsSessionManager"));
        runner.withPropertyValues("shmipc.client.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SessionManager.class));
    }

    @Test
    void connectionDetailsAreFoundByTheirQualifier() {
        runner.withPropertyValues("shmipc.clients.elsewhere.sessions=2")
                .withUserConfiguration(Details.class)
                .run(context -> {
                    assertThat(address(named(context, "elsewhere"))).isEqualTo("unix:/nowhere/details.sock");
                    assertThat(address(named(context, "orders"))).isEqualTo("unix:/nowhere/orders.sock");
                    assertThat(context).doesNotHaveBean("shmipcSessionManager");
                });
    }

    @Test
    void aCustomizerCanChooseItsClient() {
        runner.withBean(SessionManagerConfigCustomizer.class, OrdersCustomizer::new)
                .run(context -> {
                    assertThat(named(context, "orders").config().sessions()).isEqualTo(5);
                    assertThat(named(context, "order-items").config().sessions())
                            .isEqualTo(1);
                });
    }

    @Test
    void aNameWithoutAnAddressAndARefusedValueNameTheirProperty() {
        runner.withPropertyValues("shmipc.clients.lost.sessions=2")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("shmipc.clients.lost.address is not set: it must say where"));
        runner.withPropertyValues("shmipc.clients.orders.queue-capacity=7")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("shmipc.clients.orders.queue-capacity is 7"));
    }

    /** Its session manager would be the bean of {@code shmipc.client}. */
    @Test
    void theNameThatTheUnnamedClientHasIsRefused() {
        runner.withPropertyValues("shmipc.clients.shmipc.address=/nowhere/s.sock")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining(
                                "shmipc.clients.shmipc is named 'shmipc': it must have another name, this "
                                        + "one is reserved. Rename it, or set shmipc.client instead."));
    }

    @Test
    void theApplicationsOwnBeanOfThatNameIsUsed() {
        SessionManager own = SessionManager.open(
                io.shmipc.client.SessionManagerConfig.builder(ShmipcAddress.parse("/nowhere/own.sock"))
                        .connectLazily(true)
                        .build());
        runner.withBean("ordersSessionManager", SessionManager.class, () -> own)
                .run(context ->
                        assertThat(context.getBean("ordersSessionManager")).isSameAs(own));
    }

    @Test
    void namedClientsAreClosedWithTheirContext() {
        AtomicReference<SessionManager> manager = new AtomicReference<>();

        runner.run(context -> manager.set(named(context, "orders")));

        assertThat(manager.get().isClosed()).isTrue();
    }

    private static SessionManager named(ApplicationContext context, String name) {
        return BeanFactoryAnnotationUtils.qualifiedBeanOfType(
                context.getAutowireCapableBeanFactory(), SessionManager.class, name);
    }

    private static String address(SessionManager manager) {
        return manager.config().address().toString();
    }

    static final class Holder {

        private final SessionManager orders;
        private final SessionManager items;
        private final @Nullable SessionManager unqualified;

        Holder(
                @Qualifier("orders") SessionManager orders,
                @Qualifier("order-items") SessionManager items,
                ObjectProvider<SessionManager> unqualified) {
            this.orders = orders;
            this.items = items;
            this.unqualified = unqualified.getIfAvailable();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Details {

        @Bean(defaultCandidate = false)
        @Qualifier("elsewhere")
        ShmipcConnectionDetails elsewhere() {
            return () -> ShmipcAddress.parse("/nowhere/details.sock");
        }
    }

    static final class OrdersCustomizer implements SessionManagerConfigCustomizer {

        @Override
        public void customize(
                io.shmipc.client.SessionManagerConfig.Builder manager, io.shmipc.ShmipcConfig.Builder session) {
            manager.sessions(5);
        }

        @Override
        public boolean appliesTo(String client) {
            return client.equals("orders");
        }
    }
}
