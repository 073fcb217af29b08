package io.shmipc.spring.boot.autoconfigure.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.StreamSnapshot;
import io.shmipc.client.SessionManager;
import io.shmipc.inspect.FreeListState;
import io.shmipc.inspect.QueueReport.Direction;
import io.shmipc.spring.boot.autoconfigure.Contexts;
import io.shmipc.spring.boot.autoconfigure.endpoint.ShmipcDescriptor.ClientDescriptor;
import io.shmipc.spring.boot.autoconfigure.endpoint.ShmipcDescriptor.ListenerDescriptor;
import io.shmipc.spring.listener.ListenerState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The operations, called directly; the sample's tests call them over HTTP and JMX. */
@Timeout(60)
class ShmipcEndpointTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner() {
        return Contexts.clientAndServer(directory)
                .withConfiguration(
                        AutoConfigurations.of(EndpointAutoConfiguration.class, ShmipcEndpointAutoConfiguration.class))
                .withPropertyValues("management.endpoints.web.exposure.include=shmipc");
    }

    @Test
    void describesClientsListenersAndSessions() {
        runner().withPropertyValues("management.endpoint.shmipc.show-values=always")
                .run(context -> {
                    connected(context);

                    ShmipcDescriptor all = endpoint(context).shmipc();

                    ClientDescriptor client = all.clients().get("shmipc");
                    assertThat(client.address()).isEqualTo("unix:" + directory.resolve("s.sock"));
                    assertThat(client.memoryType()).isEqualTo("memfd");
                    assertThat(client.sessions()).singleElement().satisfies(session -> {
                        assertThat(session.state()).isEqualTo(SessionDescriptor.State.HEALTHY);
                        assertThat(session.memory().capacityBytes()).isPositive();
                        assertThat(session.queues().send()).isZero();
                        assertThat(session.troubles().queueFull()).isZero();
                    });
                    ListenerDescriptor server = all.listeners().get("server");
                    assertThat(server.state()).isEqualTo(ListenerState.RUNNING);
                    assertThat(server.served()).isTrue();
                    assertThat(server.activeCalls()).isZero();
                    assertThat(server.sessions()).hasSize(1);
                });
    }

    @Test
    void addressesAreHiddenFromThoseWhoMayNotSeeThem() {
        runner().run(context -> assertThat(
                        endpoint(context).shmipc().clients().get("shmipc").address())
                .isEqualTo("******"));
        runner().withPropertyValues("management.endpoint.shmipc.show-values=when-authorized")
                .run(context -> assertThat(context.getBean(ShmipcEndpointWebExtension.class)
                                .shmipc(SecurityContext.NONE)
                                .listeners()
                                .get("server")
                                .address())
                        .isEqualTo("******"));
        runner().withPropertyValues("management.endpoint.shmipc.show-values=always")
                .withBean(SanitizingFunction.class, () -> data -> data.withValue("censored " + data.getKey()))
                .run(context -> assertThat(endpoint(context)
                                .shmipc()
                                .clients()
                                .get("shmipc")
                                .pathPrefix())
                        .isEqualTo("censored shmipc.clients.shmipc.path-prefix"));
    }

    @Test
    void looksIntoTheMemoryOfTheProcess() {
        runner().withPropertyValues(
                        "management.endpoint.shmipc.show-values=always", "shmipc.client.path-prefix=looked-into")
                .run(context -> {
                    connected(context);

                    InspectionDescriptor inside =
                            (InspectionDescriptor) endpoint(context).inspect("inspection", null);

                    assertThat(inside.unavailable()).isNull();
                    assertThat(inside.problems()).isEmpty();
                    assertThat(inside.regions())
                            .filteredOn(region -> region.name().toString().contains("looked-into"))
                            .singleElement()
                            .satisfies(region -> {
                                assertThat(region.bytes()).isEqualTo(4 << 20);
                                assertThat(region.freeLists()).hasSize(3).allSatisfy(list -> {
                                    assertThat(list.state()).isEqualTo(FreeListState.COMPLETE);
                                    assertThat(list.free() + list.inUse() + list.unaccounted())
                                            .isEqualTo(list.slices());
                                    assertThat(list.oldestInUse()).isNull();
                                });
                            });
                    assertThat(inside.queues())
                            .filteredOn(queue -> queue.name().toString().contains("looked-into"))
                            .extracting(InspectionDescriptor.Queue::direction)
                            .containsExactly(Direction.CLIENT_TO_SERVER, Direction.SERVER_TO_CLIENT);
                    assertThatExceptionOfType(InvalidEndpointRequestException.class)
                            .isThrownBy(() -> endpoint(context).inspect("inspection", Duration.ofSeconds(11)))
                            .withMessageContaining("from 0s to 10s");
                });
    }

    @Test
    void namesOfMemoryAreHiddenFromThoseWhoMayNotSeeThem() {
        runner().run(context -> {
            connected(context);

            WebEndpointResponse<OperationResponseBody> response = context.getBean(ShmipcEndpointWebExtension.class)
                    .inspect(SecurityContext.NONE, "inspection", Duration.ofMillis(20));

            assertThat(((InspectionDescriptor) response.getBody()).regions())
                    .isNotEmpty()
                    .allSatisfy(region -> assertThat(region.name()).isEqualTo("******"));
        });
    }

    @Test
    void aSessionIsShownWithItsStreams() {
        runner().run(context -> {
            Session session = connected(context);
            Stream open = session.openStream();
            Stream ended = session.openStream();
            ended.flush(true);

            SessionStreamsDescriptor shown =
                    (SessionStreamsDescriptor) endpoint(context).inspect(session.id(), null);

            assertThat(shown.session().id()).isEqualTo(session.id());
            assertThat(shown.session().streams()).isEqualTo(2);
            assertThat(shown.streams()).extracting(StreamSnapshot::id).containsExactly(open.id(), ended.id());
            assertThat(shown.streams()).extracting(StreamSnapshot::outputEnded).containsExactly(false, true);
        });
    }

    @Test
    void ofManyStreamsTheFirstThousandAreShownAndAllAreCounted() {
        runner().run(context -> {
            Session session = connected(context);
            long first = session.openStream().id();
            for (int i = 0; i < 1000; i++) {
                session.openStream();
            }

            SessionStreamsDescriptor shown =
                    (SessionStreamsDescriptor) endpoint(context).inspect(session.id(), null);

            assertThat(shown.session().streams()).isEqualTo(1001);
            assertThat(shown.streams())
                    .hasSize(1000)
                    .first()
                    .extracting(StreamSnapshot::id)
                    .isEqualTo(first);
        });
    }

    @Test
    void aSessionThatIsNotThereIsNotFound() {
        runner().run(context -> {
            Session session = connected(context);
            ShmipcEndpointWebExtension web = context.getBean(ShmipcEndpointWebExtension.class);

            assertThat(endpoint(context).inspect("nobody", null)).isNull();
            assertThat(web.inspect(SecurityContext.NONE, "nobody", null).getStatus())
                    .isEqualTo(404);
            assertThat(web.inspect(SecurityContext.NONE, session.id(), null).getStatus())
                    .isEqualTo(200);
        });
    }

    @Test
    void bothThingsThatOneOperationShowsCanBeWrittenAsJsonByANativeImage() {
        RuntimeHints hints = new RuntimeHints();
        new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, ShmipcEndpoint.class);

        assertThat(List.of(
                        SessionStreamsDescriptor.class,
                        SessionDescriptor.class,
                        StreamSnapshot.class,
                        InspectionDescriptor.class,
                        InspectionDescriptor.Region.class))
                .allSatisfy(type -> assertThat(RuntimeHintsPredicates.reflection()
                                .onType(type)
                                .withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                        .accepts(hints));
    }

    @Test
    void aClosedSessionIsReplacedByTheClient() {
        runner().run(context -> {
            Session before = connected(context);

            assertThat(endpoint(context).closeSession(before.id())).isNotNull();

            assertThat(before.isClosed()).isTrue();
            assertThat(endpoint(context).closeSession(before.id())).isNull();
            Awaitility.await().until(() -> !connected(context).id().equals(before.id()));
        });
    }

    @Test
    void aHotRestartSendsTheClientsToTheSuccessor() {
        runner().withPropertyValues("shmipc.server.take-over=true").run(context -> {
            Session before = connected(context);
            ShmipcEndpointWebExtension web = context.getBean(ShmipcEndpointWebExtension.class);
            assertThat(web.hotRestart("nobody").getStatus()).isEqualTo(404);
            WebEndpointResponse<HotRestartDescriptor> alone = web.hotRestart("server");
            assertThat(alone.getStatus()).isEqualTo(409);
            assertThat(alone.getBody().problem()).contains("No other process listens on", "take the address over");

            Contexts.clientAndServer(directory)
                    .withPropertyValues("shmipc.server.take-over=true", "shmipc.client.enabled=false")
                    .run(successor -> {
                        WebEndpointResponse<HotRestartDescriptor> done = web.hotRestart("server");

                        assertThat(done.getStatus()).isEqualTo(200);
                        assertThat(done.getBody()).isEqualTo(new HotRestartDescriptor("server", true, null));
                        assertThat(connected(context)).isNotSameAs(before);
                        assertThat(endpoint(context)
                                        .shmipc()
                                        .listeners()
                                        .get("server")
                                        .state())
                                .isEqualTo(ListenerState.DRAINING);
                    });
        });
    }

    @Test
    void theEndpointIsThereOnlyWhereItIsExposed() {
        runner().withPropertyValues("management.endpoints.web.exposure.include=health")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ShmipcEndpoint.class));
        runner().withPropertyValues("management.endpoint.shmipc.access=NONE")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ShmipcEndpoint.class));
    }

    @Test
    void thereIsNoEndpointWithoutActuator() {
        new ApplicationContextRunner()
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .withUserConfiguration(WithoutActuator.class)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("shmipcEndpoint"));
    }

    private static ShmipcEndpoint endpoint(ApplicationContext context) {
        return context.getBean(ShmipcEndpoint.class);
    }

    private static Session connected(ApplicationContext context) {
        SessionManager client = context.getBean(SessionManager.class);
        return Awaitility.await()
                .until(
                        () -> client.sessions().stream()
                                .filter(Session::isHealthy)
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ShmipcEndpointAutoConfiguration.class)
    static class WithoutActuator {}
}
