package io.shmipc.spring.boot.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shmipc.PerformanceMetrics;
import io.shmipc.Session;
import io.shmipc.SessionMetrics;
import io.shmipc.ShareMemoryMetrics;
import io.shmipc.StabilityMetrics;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.Stubs;
import io.shmipc.spring.boot.autoconfigure.Contexts;
import io.shmipc.spring.event.ShmipcEvent;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import io.shmipc.spring.session.SessionTotals;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.assertj.core.groups.Tuple;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.EventListener;

@Timeout(60)
class ShmipcMetricsTests {

    private static final Tags CLIENT = Tags.of("role", "client", "name", "shmipc");
    private static final Tags SERVER = Tags.of("role", "server", "name", "server");

    @TempDir
    Path directory;

    @Test
    void theCatalogueListsExactlyTheMetersThatAreRegistered() {
        measured()
                .run(context -> assertThat(context.getBean(MeterRegistry.class).getMeters().stream()
                                .map(meter -> meter.getId())
                                .filter(id -> id.getName().startsWith("shmipc.")
                                        && !id.getName().endsWith(".percentile")))
                        .extracting(
                                Meter.Id::getName, Meter.Id::getType, Meter.Id::getBaseUnit, Meter.Id::getDescription)
                        .containsOnly(Arrays.stream(ShmipcMeters.values())
                                .map(meter -> Tuple.tuple(
                                        meter.getName(), meter.getType(), meter.getBaseUnit(), meter.getDescription()))
                                .toArray(Tuple[]::new)));
    }

    @Test
    void everyNumberThatASessionTellsIsTheValueOfAMeter() throws ReflectiveOperationException {
        AtomicLong numbers = new AtomicLong(1_000);
        PerformanceMetrics performance = numbered(PerformanceMetrics.class, numbers);
        StabilityMetrics stability = numbered(StabilityMetrics.class, numbers);
        ShareMemoryMetrics memory = numbered(ShareMemoryMetrics.class, numbers);
        Session session = session(1, new SessionMetrics(performance, stability, memory), false);
        MeterRegistry registry = new SimpleMeterRegistry();
        MeterRegistration.Sessions sessions =
                new MeterRegistration.Sessions(() -> List.of(session), new SessionTotals());

        new MeterRegistration(registry, "client", "test").registerSessions(sessions);

        assertThat(registry.getMeters())
                .extracting(meter -> (long) meter.measure().iterator().next().getValue())
                .containsAll(LongStream.range(1_000, numbers.get()).boxed().toList());
    }

    @Test
    void aRegionCountsOnceHoweverManySessionsShareIt() {
        List<Session> open = List.of(
                session(1, metrics(100, 10), false),
                session(1, metrics(100, 10), false),
                session(2, metrics(200, 5), false),
                session(3, metrics(400, 0), true));
        MeterRegistration.Sessions sessions = new MeterRegistration.Sessions(() -> open, new SessionTotals());

        assertThat(sessions.memory(ShareMemoryMetrics::capacityOfShareMemoryInBytes))
                .isEqualTo(300);
        assertThat(sessions.memory(ShareMemoryMetrics::allInUsedShareMemoryInBytes))
                .isEqualTo(15);
    }

    private static SessionMetrics metrics(long capacity, long used) {
        return new SessionMetrics(
                new PerformanceMetrics(0, 0, 0, 0, 0, 0),
                new StabilityMetrics(0, 0, 0, 0, 0, 0, 0, 0),
                new ShareMemoryMetrics(capacity, used));
    }

    private static Session session(long region, SessionMetrics metrics, boolean closed) {
        return Stubs.of(
                Session.class,
                Map.of(
                        "regionId", () -> region,
                        "metrics", () -> metrics,
                        "closeFuture", CompletableFuture::new,
                        "isClosed", () -> closed,
                        "isHealthy", () -> !closed));
    }

    /** Returns a record whose numbers are all different. */
    private static <T> T numbered(Class<T> type, AtomicLong numbers) throws ReflectiveOperationException {
        Class<?>[] parameters = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(parameters)
                .map(parameter -> (Object) numbers.getAndIncrement())
                .toArray();
        return type.getDeclaredConstructor(parameters).newInstance(values);
    }

    @Test
    void bothSidesCountTheBytesOfOneStream() {
        measured().run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            SessionManager client = context.getBean(SessionManager.class);
            Awaitility.await().until(() -> client.sessions().stream().anyMatch(Session::isHealthy));

            client.execute(stream -> {
                stream.bufferWriter().writeString("0123456789");
                stream.flush();
                return stream.id();
            });

            Awaitility.await().untilAsserted(() -> {
                assertThat(count(registry, ShmipcMeters.BYTES_SENT, CLIENT)).isEqualTo(10);
                assertThat(count(registry, ShmipcMeters.BYTES_RECEIVED, SERVER)).isEqualTo(10);
            });
            assertThat(gauge(registry, ShmipcMeters.SESSIONS_OPEN, CLIENT)).isEqualTo(1);
            assertThat(gauge(registry, ShmipcMeters.SESSIONS_HEALTHY, SERVER)).isEqualTo(1);
            assertThat(gauge(registry, ShmipcMeters.MEMORY_CAPACITY, CLIENT))
                    .isPositive()
                    .isEqualTo(gauge(registry, ShmipcMeters.MEMORY_CAPACITY, SERVER));

            context.getBean(ShmipcListenerRegistry.class).stop();

            Awaitility.await()
                    .untilAsserted(() -> assertThat(gauge(registry, ShmipcMeters.SESSIONS_HEALTHY, CLIENT))
                            .isZero());
            assertThat(gauge(registry, ShmipcMeters.SESSIONS_OPEN, SERVER)).isZero();
            assertThat(count(registry, ShmipcMeters.BYTES_SENT, CLIENT)).isEqualTo(10);
            assertThat(count(registry, ShmipcMeters.BYTES_RECEIVED, SERVER)).isEqualTo(10);
        });
    }

    @Test
    void aSessionThatEndedBeforeAMeterWasReadIsCounted() {
        FirstSession events = new FirstSession(new CompletableFuture<>(), new CompletableFuture<>());
        measured().withBean(FirstSession.class, () -> events).run(context -> {
            Session first = events.opened().get(10, TimeUnit.SECONDS);
            SessionManager client = context.getBean(SessionManager.class);
            client.execute(stream -> {
                stream.bufferWriter().writeString("0123456789");
                stream.flush();
                return stream.id();
            });

            first.close();
            assertThat(events.closed().get(10, TimeUnit.SECONDS)).isSameAs(first);
            Awaitility.await().until(() -> !client.sessions().contains(first));

            assertThat(count(context.getBean(MeterRegistry.class), ShmipcMeters.BYTES_SENT, CLIENT))
                    .isEqualTo(10);
        });
    }

    @Test
    void metersCanBeSwitchedOff() {
        measured()
                .withPropertyValues("shmipc.metrics.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(SessionManagerMetrics.class)
                        .doesNotHaveBean(ListenerMetrics.class));
    }

    @Test
    void thereAreNoMetersWithoutARegistry() {
        Contexts.clientAndServer(directory)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SessionManagerMetrics.class));
    }

    @Test
    void thereAreNoMetersWithoutClientAndServer() {
        Contexts.everything()
                .withBean(SimpleMeterRegistry.class)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(SessionManagerMetrics.class)
                        .doesNotHaveBean(ListenerMetrics.class));
    }

    @Test
    void theApplicationsOwnBindersAreUsed() {
        SessionManagerMetrics own = new SessionManagerMetrics(Map.of());
        measured()
                .withBean("own", SessionManagerMetrics.class, () -> own)
                .run(context ->
                        assertThat(context.getBean(SessionManagerMetrics.class)).isSameAs(own));
    }

    private ApplicationContextRunner measured() {
        return Contexts.clientAndServer(directory)
                .withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class))
                .withBean(SimpleMeterRegistry.class);
    }

    /** The client's first session, when it was opened and closed. */
    record FirstSession(CompletableFuture<Session> opened, CompletableFuture<Session> closed) {

        @EventListener
        void onOpened(ShmipcEvent.SessionOpened event) {
            if (event.session().isClient()) {
                opened.complete(event.session());
            }
        }

        @EventListener
        void onClosed(ShmipcEvent.SessionClosed event) {
            if (event.session().isClient()) {
                closed.complete(event.session());
            }
        }
    }

    private static double count(MeterRegistry registry, ShmipcMeters meter, Tags tags) {
        FunctionCounter counter = registry.get(meter.getName()).tags(tags).functionCounter();
        return counter.count();
    }

    private static double gauge(MeterRegistry registry, ShmipcMeters meter, Tags tags) {
        return registry.get(meter.getName()).tags(tags).gauge().value();
    }
}
