package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.server.ListenerConfig;
import io.shmipc.spring.annotation.InvalidDeclarationException;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.annotation.ShmipcStreamClosed;
import io.shmipc.spring.annotation.ShmipcStreamOpened;
import io.shmipc.spring.boot.autoconfigure.server.ListenerConfigCustomizer;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ListenerDefinition;
import io.shmipc.spring.listener.ListenerEndpoint;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Listeners by name, beside the one of {@code shmipc.server} or without it. */
@Timeout(30)
class NamedListenersTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner() {
        return Contexts.everything()
                .withPropertyValues("shmipc.listeners.admin.address=" + directory.resolve("admin.sock"))
                .withBean(Admin.class);
    }

    @Test
    void aMethodServesTheListenerThatItNames() {
        runner().run(context -> assertThat(
                        context.getBean(ShmipcListenerRegistry.class).containers())
                .singleElement()
                .satisfies(container -> {
                    assertThat(container.name()).isEqualTo("admin");
                    assertThat(container.isRunning()).isTrue();
                    assertThat(container.address().target())
                            .isEqualTo(directory.resolve("admin.sock").toString());
                }));
    }

    @Test
    void namedListenersStandBesideTheSimpleOne() {
        runner().withPropertyValues("shmipc.server.address=" + directory.resolve("server.sock"))
                .withBean(Server.class)
                .run(context -> assertThat(
                                context.getBean(ShmipcListenerRegistry.class).containers())
                        .extracting(ListenerContainer::name)
                        .containsExactlyInAnyOrder("admin", "server"));
    }

    @Test
    void namedListenersBeginWithTheDefaultsAndDifferWhereTheySaySo() {
        runner().withPropertyValues(
                        "shmipc.server.backlog=7",
                        "shmipc.server.access.group-ids=4,5",
                        "shmipc.server.max-sessions=9",
                        "shmipc.listeners.admin.max-sessions=8")
                .run(context -> {
                    ListenerConfig config = config(context);
                    assertThat(config.backlog()).isEqualTo(7);
                    assertThat(config.maxSessions()).isEqualTo(8);
                    assertThat(config.accessPolicy().groupIds()).containsExactlyInAnyOrder(4, 5);
                });
    }

    @Test
    void aCustomizerCanChooseItsListener() {
        runner().withPropertyValues("shmipc.listeners.other.address=" + directory.resolve("other.sock"))
                .withBean(ListenerConfigCustomizer.class, AdminCustomizer::new)
                .run(context -> {
                    Map<String, ListenerDefinition> all = context.getBeansOfType(ListenerDefinition.class);
                    assertThat(all.get("adminListenerDefinition").config().backlog())
                            .isEqualTo(3);
                    assertThat(all.get("otherListenerDefinition").config().backlog())
                            .isEqualTo(4096);
                });
    }

    @Test
    void oneNameCanBeSwitchedOff() {
        Contexts.everything()
                .withPropertyValues("shmipc.listeners.admin.address=/nowhere/a.sock")
                .withPropertyValues("shmipc.listeners.admin.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ListenerDefinition.class));
    }

    @Test
    void methodsOfAListenerThatIsSwitchedOffAreLeftAlone() {
        runner().withPropertyValues(
                        "shmipc.server.address=" + directory.resolve("server.sock"),
                        "shmipc.listeners.admin.enabled=false")
                .withBean(Server.class)
                .withBean(AdminCompanions.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    ShmipcListenerRegistry registry = context.getBean(ShmipcListenerRegistry.class);
                    assertThat(registry.containers())
                            .singleElement()
                            .matches(ListenerContainer::isRunning)
                            .extracting(ListenerContainer::name)
                            .isEqualTo("server");
                    assertThat(registry.endpoints())
                            .extracting(ListenerEndpoint::listener)
                            .containsExactly("server");
                });
    }

    @Test
    void aMethodOfAListenerThatNobodyConfiguredIsRefused() {
        Contexts.everything()
                .withBean(Admin.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(InvalidDeclarationException.class)
                        .hasMessageContainingAll(
                                "shmipc.listeners.<name>.address", "shmipc.listeners.<name>.enabled=false"));
    }

    @Test
    void aRefusedValueNamesItsProperty() {
        runner().withPropertyValues("shmipc.listeners.admin.max-sessions=0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("shmipc.listeners.admin.max-sessions is 0"));
        runner().withPropertyValues("shmipc.listeners.admin.grace-period=-1s")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining(
                                "shmipc.listeners.admin.grace-period is PT-1S: it must be 0 or longer."));
        runner().withPropertyValues("shmipc.listeners.admin.address=")
                .run(context ->
                        assertThat(context).getFailure().hasStackTraceContaining("shmipc.listeners.admin.address is "));
    }

    /** Its definition would be the bean of {@code shmipc.server}. */
    @Test
    void theNameThatTheUnnamedListenersBeanHasIsRefused() {
        runner().withPropertyValues("shmipc.listeners.shmipc.address=" + directory.resolve("s.sock"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("shmipc.listeners.shmipc is named 'shmipc'"));
    }

    @Test
    void twoListenersOnOneAddressAreRefused() {
        runner().withPropertyValues("shmipc.server.address=" + directory.resolve("admin.sock"))
                .withBean(Server.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasRootCauseInstanceOf(InvalidDeclarationException.class)
                        .hasStackTraceContaining("'server' and 'admin' have one address"));
    }

    private static ListenerConfig config(ApplicationContext context) {
        return context.getBean("adminListenerDefinition", ListenerDefinition.class)
                .config();
    }

    static final class Admin {
        @ShmipcListener(listener = "admin")
        void onData(Stream stream) {}
    }

    static final class AdminCompanions {
        @ShmipcStreamOpened(listener = "admin")
        void onOpened(Stream stream) {}

        @ShmipcStreamClosed(listener = "admin")
        void onClosed(Stream stream) {}
    }

    static final class Server {
        @ShmipcListener
        void onData(Stream stream) {}
    }

    static final class AdminCustomizer implements ListenerConfigCustomizer {

        @Override
        public void customize(ListenerConfig.Builder listener, ShmipcConfig.Builder session) {
            listener.backlog(3);
        }

        @Override
        public boolean appliesTo(String listener) {
            return listener.equals("admin");
        }
    }
}
