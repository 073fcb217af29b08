package io.shmipc.spring.boot.autoconfigure.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.shmipc.ConnectException;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.MessageContexts;
import io.shmipc.spring.boot.autoconfigure.client.scanned.Scanned;
import io.shmipc.spring.client.ImportShmipcClients;
import io.shmipc.spring.client.ShmipcClientProxy;
import io.shmipc.spring.client.ShmipcExchange;
import io.shmipc.spring.client.ShmipcOperations;
import io.shmipc.spring.client.ShmipcRemoteException;
import io.shmipc.spring.client.ShmipcTemplate;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;

/** Interfaces whose methods are routes, called through real shared memory. */
@Timeout(60)
class ShmipcClientsTests {

    @TempDir
    Path directory;

    @Test
    void methodsCallTheirRoutes() {
        MessageContexts.clientAndServer(directory)
                .withBean(Handlers.class)
                .withUserConfiguration(Clients.class)
                .withPropertyValues("test.level=level")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    Stock stock = context.getBean(Stock.class);

                    assertThat(stock.level("apples", "north")).isEqualTo(6);
                    assertThat(stock.all()).containsExactly(new Article("apples"), new Article("pears"));
                    assertThat(stock.later(new Article("pears")))
                            .succeedsWithin(10, TimeUnit.SECONDS)
                            .isEqualTo(new Article("PEARS"));
                    assertThat(stock.headers("x", Map.of("one", 1, "two", "zwei")))
                            .isEqualTo("1 zwei");
                    assertThat(stock.twice("apples", "south")).isEqualTo(12);
                    assertThat(stock).hasToString("shmipc client " + Stock.class.getName());

                    stock.sold(new Article("apples"));
                    assertThat(context.getBean(Handlers.class).sold.poll(10, TimeUnit.SECONDS))
                            .isEqualTo(new Article("apples"));
                    assertThat(stock.acknowledged(new Article("pears")).toCompletableFuture())
                            .succeedsWithin(10, TimeUnit.SECONDS)
                            .isNull();
                    assertThatExceptionOfType(ShmipcRemoteException.class)
                            .isThrownBy(stock::missing)
                            .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("unknown-route"));
                    assertThatExceptionOfType(ShmipcTimeoutException.class)
                            .isThrownBy(stock::slow)
                            .withMessageContaining("within PT0.05S");
                    assertThat(context.getBean(Scanned.class).plain("x")).isEqualTo("plain x");
                });
    }

    @Test
    void inheritedMethodsReturnWhatTheirInterfaceDecides() {
        MessageContexts.clientAndServer(directory).withBean(Handlers.class).run(context -> {
            awaitConnection(context);
            Articles articles = ShmipcClientProxy.create(Articles.class, context.getBean(ShmipcTemplate.class));

            assertThat(articles.all()).containsExactly(new Article("apples"), new Article("pears"));
            Article first = articles.first();
            assertThat(first).isEqualTo(new Article("apples"));
            assertThat(articles.later(first))
                    .succeedsWithin(10, TimeUnit.SECONDS)
                    .isEqualTo(new Article("APPLES"));
        });
    }

    @Test
    void clientsOfSeveralServersAreToldByTheirQualifiers() {
        Path socket = directory.resolve("s.sock");
        MessageContexts.clientAndServer(directory)
                .withBean(Handlers.class)
                .withPropertyValues(
                        "shmipc.clients.north.address=" + socket, "shmipc.clients.south.address=/tmp/nobody.sock")
                .withUserConfiguration(NamedClients.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBeansOfType(Scanned.class)).hasSize(2);
                    Scanned north = BeanFactoryAnnotationUtils.qualifiedBeanOfType(
                            context.getBeanFactory(), Scanned.class, "north");
                    assertThat(north.plain("x")).isEqualTo("plain x");
                    assertThat(BeanFactoryAnnotationUtils.qualifiedBeanOfType(
                                    context.getBeanFactory(), Scanned.class, "south"))
                            .isNotSameAs(north);
                });
    }

    @Test
    void aClientThatDoesNotExistFailsTheStart() {
        MessageContexts.messaging()
                .withPropertyValues("shmipc.client.address=/tmp/none.sock")
                .withUserConfiguration(LostClient.class)
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("nobody"));
    }

    @Test
    void aClientThatIsSwitchedOffStartsAndRefusesItsCalls() {
        MessageContexts.messaging()
                .withPropertyValues(
                        "shmipc.client.address=/tmp/none.sock", "shmipc.client.enabled=false", "test.level=level")
                .withUserConfiguration(Clients.class, NorthClient.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    Stock stock = context.getBean(Stock.class);
                    assertSwitchedOff(() -> stock.level("apples", "north"), "shmipc.client.enabled");
                    assertSwitchedOff(() -> stock.sold(new Article("apples")), "shmipc.client.enabled");
                    assertThat(stock.later(new Article("apples")))
                            .failsWithin(10, TimeUnit.SECONDS)
                            .withThrowableThat()
                            .havingCause()
                            .isInstanceOf(ConnectException.class);
                    assertSwitchedOff(() -> north(context).plain("x"), "shmipc.client.enabled");
                });
    }

    @Test
    void aNamedClientThatIsSwitchedOffStartsAndRefusesItsCalls() {
        MessageContexts.messaging()
                .withPropertyValues("shmipc.clients.north.address=/tmp/none.sock", "shmipc.clients.north.enabled=false")
                .withUserConfiguration(NorthClient.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertSwitchedOff(() -> north(context).plain("x"), "shmipc.clients.north.enabled");
                });
    }

    @Test
    void theApplicationsOwnTemplateIsCalledThoughTheClientsOfPropertiesAreSwitchedOff() {
        Path socket = directory.resolve("s.sock");
        MessageContexts.messaging()
                .withPropertyValues(
                        "shmipc.server.address=" + socket, "shmipc.client.enabled=false", "test.level=level")
                .withBean(Handlers.class)
                .withBean(
                        SessionManager.class,
                        () -> SessionManager.open(SessionManagerConfig.builder(ShmipcAddress.unix(socket))
                                .connectLazily(true)
                                .build()))
                .withUserConfiguration(Clients.class)
                .run(context -> {
                    awaitConnection(context);
                    assertThat(context.getBean(Stock.class).level("apples", "north"))
                            .isEqualTo(6);
                });
    }

    @Test
    void interfacesThatCannotWorkAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> create(TwoPayloads.class))
                .withMessageContainingAll("TwoPayloads.call", "two payloads", "@Header");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> create(NoMap.class))
                .withMessageContainingAll("NoMap.call", "@Headers parameter that is no Map");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> create(Runnable.class))
                .withMessageContaining("java.lang.Runnable has no @ShmipcExchange method");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> create(BadTimeout.class))
                .withMessageContaining("soon");
    }

    private static void awaitConnection(ApplicationContext context) {
        SessionManager client = context.getBean(SessionManager.class);
        Awaitility.await().until(() -> client.sessions().stream().anyMatch(Session::isHealthy));
    }

    private static Scanned north(ApplicationContext context) {
        return BeanFactoryAnnotationUtils.qualifiedBeanOfType(
                context.getAutowireCapableBeanFactory(), Scanned.class, "north");
    }

    private static void assertSwitchedOff(ThrowingCallable call, String property) {
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(call)
                .withMessageContainingAll(property + " is false", "Set " + property + "=true");
    }

    private static void create(Class<?> contract) {
        MessageContexts.messaging()
                .withPropertyValues("shmipc.client.address=/tmp/none.sock")
                .run(context ->
                        ShmipcClientProxy.create(contract, (ShmipcOperations) context.getBean(ShmipcTemplate.class)));
    }

    record Article(String name) {}

    @ShmipcExchange(route = "stock.", timeout = "20s")
    interface Stock {

        @ShmipcExchange("${test.level}")
        int level(String article, @Header("warehouse") String warehouse);

        @ShmipcExchange("all")
        List<Article> all();

        @ShmipcExchange("later")
        CompletableFuture<Article> later(@Payload Article article);

        @ShmipcExchange("headers")
        String headers(String payload, @Headers Map<String, Object> headers);

        @ShmipcExchange("sold")
        void sold(Article article);

        @ShmipcExchange("sold")
        CompletionStage<Void> acknowledged(Article article);

        @ShmipcExchange("missing")
        String missing();

        @ShmipcExchange(route = "slow", timeout = "50ms")
        String slow();

        default int twice(String article, String warehouse) {
            return 2 * level(article, warehouse);
        }
    }

    interface Shelf<T> {

        @ShmipcExchange("stock.all")
        List<T> all();

        @ShmipcExchange("stock.first")
        T first();

        @ShmipcExchange("stock.later")
        CompletableFuture<T> later(T article);
    }

    interface Articles extends Shelf<Article> {}

    interface TwoPayloads {
        @ShmipcExchange("x")
        void call(String one, String two);
    }

    interface NoMap {
        @ShmipcExchange("x")
        void call(@Headers String headers);
    }

    interface BadTimeout {
        @ShmipcExchange(route = "x", timeout = "soon")
        void call();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportShmipcClients(Stock.class)
    @ImportShmipcClients(basePackageClasses = Scanned.class)
    static class Clients {}

    @Configuration(proxyBeanMethods = false)
    @ImportShmipcClients(types = Scanned.class, client = "north")
    @ImportShmipcClients(types = Scanned.class, client = "south")
    static class NamedClients {}

    @Configuration(proxyBeanMethods = false)
    @ImportShmipcClients(types = Scanned.class, client = "north")
    static class NorthClient {}

    @Configuration(proxyBeanMethods = false)
    @ImportShmipcClients(types = Scanned.class, client = "nobody")
    static class LostClient {}

    static class Handlers {

        final BlockingQueue<Article> sold = new LinkedBlockingQueue<>();

        @ShmipcListener(route = "stock.level")
        int level(String article, @Header("warehouse") String warehouse) {
            return warehouse.isEmpty() ? 0 : article.length();
        }

        @ShmipcListener(route = "stock.all")
        List<Article> all() {
            return List.of(new Article("apples"), new Article("pears"));
        }

        @ShmipcListener(route = "stock.first")
        Article first() {
            return new Article("apples");
        }

        @ShmipcListener(route = "stock.later")
        CompletableFuture<Article> later(Article article) {
            return CompletableFuture.supplyAsync(
                    () -> new Article(article.name().toUpperCase(Locale.ROOT)));
        }

        @ShmipcListener(route = "stock.headers")
        String headers(String payload, @Header("one") int one, @Header("two") String two) {
            return one + " " + two;
        }

        @ShmipcListener(route = "stock.sold")
        void sold(Article article) {
            sold.add(article);
        }

        @ShmipcListener(route = "stock.slow")
        CompletableFuture<String> slow() {
            return new CompletableFuture<>();
        }

        @ShmipcListener(route = "plain")
        String plain(String payload) {
            return "plain " + payload;
        }
    }
}
