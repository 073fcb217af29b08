package io.shmipc.sample.lab.live;

import io.micrometer.core.instrument.MeterRegistry;
import io.shmipc.client.SessionManager;
import io.shmipc.sample.lab.OneAtATime;
import io.shmipc.sample.lab.process.ServerSupervisor;
import io.shmipc.sample.lab.traffic.Traffic;
import io.shmipc.spring.boot.autoconfigure.endpoint.SessionDescriptor;
import io.shmipc.spring.boot.autoconfigure.endpoint.ShmipcDescriptor.ClientDescriptor;
import io.shmipc.spring.boot.autoconfigure.endpoint.ShmipcEndpoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/** Twice a second, while a page is open: what the endpoints and the meters say. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@Profile("!server")
class LiveView {

    private static final String CLIENT = "shmipc";

    private final Feed feed;
    private final ShmipcEndpoint endpoint;
    private final HealthEndpoint health;
    private final ClientMeters meters;
    private final OneAtATime activity;
    private final ObjectProvider<ServerSupervisor> server;
    private final ObjectProvider<Traffic> traffic;
    private final long regionBytes;

    LiveView(
            Feed feed,
            ShmipcEndpoint endpoint,
            HealthEndpoint health,
            MeterRegistry registry,
            OneAtATime activity,
            ObjectProvider<ServerSupervisor> server,
            ObjectProvider<Traffic> traffic,
            SessionManager sessions) {
        this.feed = feed;
        this.endpoint = endpoint;
        this.health = health;
        this.meters = new ClientMeters(registry, CLIENT);
        this.activity = activity;
        this.server = server;
        this.traffic = traffic;
        this.regionBytes = sessions.config().config().regionBytes();
    }

    @Scheduled(fixedRate = 500, timeUnit = TimeUnit.MILLISECONDS)
    void look() {
        traffic.ifAvailable(calls -> calls.setWanted(feed.isWatched()));
        if (feed.isWatched()) {
            feed.publish("live", snapshot());
        }
    }

    private Snapshot snapshot() {
        ServerSupervisor supervisor = server.getIfAvailable();
        ClientDescriptor client = endpoint.shmipc().clients().get(CLIENT);
        List<SessionDescriptor> sessions = client == null ? List.of() : client.sessions();
        return new Snapshot(
                System.currentTimeMillis(),
                new Snapshot.Processes(
                        ProcessHandle.current().pid(),
                        supervisor == null ? 0 : supervisor.pid(),
                        supervisor == null ? 0 : supervisor.restartCount(),
                        supervisor == null ? null : supervisor.directory(),
                        supervisor != null),
                activity.running(),
                describe(health.health()),
                client == null ? "" : client.memoryType(),
                sessions,
                meters.read(),
                RegionPicture.of(regionBytes));
    }

    private static Snapshot.Health describe(HealthDescriptor descriptor) {
        Map<String, String> components = new TreeMap<>();
        if (descriptor instanceof CompositeHealthDescriptor composite && composite.getComponents() != null) {
            composite
                    .getComponents()
                    .forEach((name, component) ->
                            components.put(name, component.getStatus().getCode()));
        }
        return new Snapshot.Health(descriptor.getStatus().getCode(), components);
    }
}
