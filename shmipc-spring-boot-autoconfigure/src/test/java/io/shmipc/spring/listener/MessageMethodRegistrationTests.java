package io.shmipc.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.Stream;
import io.shmipc.server.ListenerConfig;
import io.shmipc.spring.annotation.InvalidDeclarationException;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.message.EnvelopeCodec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;

/** What message methods may be, and what is refused when the application starts. */
@Timeout(10)
class MessageMethodRegistrationTests {

    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
    private ShmipcListenerRegistry registry = new ShmipcListenerRegistry(List.of(), methods());

    @Test
    void severalRoutesShareAListener() {
        process(Routes.class);

        assertThat(registry.endpoints())
                .extracting(ListenerEndpoint::id)
                .containsExactlyInAnyOrder("bean.one", "bean.two", "bean.rest");
        ListenerContainer container = container("server");
        assertThat(container.endpoints())
                .extracting(endpoint -> endpoint.attributes().route())
                .containsExactlyInAnyOrder("one", "two", "");
        assertThat(container.isAutoStartup()).isTrue();
    }

    @Test
    void aMethodIsForMessagesIfItTakesOrReturnsOrNamesWhatStreamsDoNotHave() {
        process(Kinds.class);

        assertThat(registry.endpoints())
                .filteredOn(ListenerEndpoint::isForMessages)
                .extracting(ListenerEndpoint::id)
                .containsExactlyInAnyOrder("bean.payload", "bean.result", "bean.named");
    }

    @Test
    void anyMethodCanKeepItsListenerFromStartingWithTheApplication() {
        process(Manual.class);

        assertThat(container("server").isAutoStartup()).isFalse();
    }

    @Test
    void oneRouteOfTwoMethodsIsRefused() {
        assertRefused(
                SameRoute.class,
                "Two @ShmipcListener methods of listener 'server' serve the route 'one': ",
                "SameRoute.one(String) of bean 'bean'",
                "SameRoute.other(String) of bean 'bean'");
        assertRefused(NoRouteTwice.class, "serve messages without a route");
    }

    @Test
    void aStreamMethodBesideMessageMethodsIsRefused() {
        assertRefused(
                Mixed.class, "would serve the streams of listener 'server'", "shares them with no other", "Mixed.");
    }

    @Test
    void twoCodecsOnOneListenerAreRefused() {
        beans.registerSingleton("other", new EnvelopeCodec());
        assertRefused(TwoCodecs.class, "The @ShmipcListener methods of listener 'server' name different codecs");
    }

    @Test
    void beansThatAreNotThereOrOfAnotherTypeAreRefused() {
        beans.registerSingleton("text", "no codec");
        assertRefused(NoExecutor.class, "has the executor attribute 'nobody'", "of type Executor");
        assertRefused(NoCodec.class, "has the codec attribute 'text'", "of type StreamCodec");
    }

    @Test
    void attributesThatMakeNoSenseAreRefused() {
        assertRefused(NoConcurrency.class, "has the concurrency attribute '0'", "1 or more");
        assertRefused(WordyConcurrency.class, "has the concurrency attribute 'many'");
        assertRefused(Maybe.class, "has the autoStartup attribute 'perhaps'", "true or false");
        assertRefused(StreamWithRoute.class, "reads a stream itself, but has attributes that are for message methods");
    }

    @Test
    void aMethodThatCouldReadNothingIsRefused() {
        assertRefused(
                NothingAtAll.class,
                "NothingAtAll.ping() of bean 'bean' cannot read the stream",
                "Take a BufferReader or a Stream, or set a route or take a payload for messages.");
        assertRefused(OnlySession.class, "cannot read the stream");
        assertRefused(OnlyWriter.class, "cannot read the stream");
        assertRefused(NothingBesideMessages.class, "cannot read the stream");
    }

    @Test
    void aViewCannotOutliveItsCall() {
        assertRefused(LateView.class, "takes a ByteBuffer, which is valid until the method returns", "byte[]");
    }

    private void assertRefused(Class<?> type, String... texts) {
        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(() -> process(type))
                .withMessageContainingAll(texts);
    }

    private void process(Class<?> type) {
        if (beans.containsBeanDefinition("bean")) {
            beans.removeBeanDefinition("bean");
        }
        beans.registerBeanDefinition("bean", new RootBeanDefinition(type));
        registry = new ShmipcListenerRegistry(List.of(definition("server"), definition("admin")), methods());
        new ListenerMethodProcessor(beans, registry).afterSingletonsInstantiated();
    }

    private MessageMethodFactory methods() {
        return new MessageMethodFactory(beans, MessageSettings.defaults());
    }

    private ListenerContainer container(String name) {
        ListenerContainer container = registry.container(name);
        assertThat(container).isNotNull();
        return container;
    }

    private static ListenerDefinition definition(String name) {
        return new ListenerDefinition(
                name,
                ListenerConfig.builder(ShmipcAddress.parse("/tmp/" + name + ".sock"))
                        .build());
    }

    static class Routes {
        @ShmipcListener(route = "one")
        void one(String payload) {}

        @ShmipcListener(route = "two")
        void two() {}

        @ShmipcListener
        void rest(byte[] payload) {}
    }

    static class Kinds {
        @ShmipcListener(route = "payload")
        void payload(String payload, Stream stream) {}

        @ShmipcListener(route = "result")
        String result(Stream stream) {
            return "";
        }

        @ShmipcListener(route = "named")
        void named(Stream stream) {}

        @ShmipcListener(listener = "admin")
        void stream(Stream stream) {}
    }

    static class Manual {
        @ShmipcListener(route = "one")
        void one(String payload) {}

        @ShmipcListener(route = "two", autoStartup = "false")
        void two(String payload) {}
    }

    static class SameRoute {
        @ShmipcListener(route = "one")
        void one(String payload) {}

        @ShmipcListener(route = "one")
        void other(String payload) {}
    }

    static class NoRouteTwice {
        @ShmipcListener
        void one(String payload) {}

        @ShmipcListener
        void other(byte[] payload) {}
    }

    static class Mixed {
        @ShmipcListener
        void stream(BufferReader reader) {}

        @ShmipcListener(route = "one")
        void message(String payload) {}
    }

    static class TwoCodecs {
        @ShmipcListener(route = "one")
        void one(String payload) {}

        @ShmipcListener(route = "two", codec = "other")
        void two(String payload) {}
    }

    static class NoExecutor {
        @ShmipcListener(executor = "nobody")
        void one(String payload) {}
    }

    static class NoCodec {
        @ShmipcListener(codec = "text")
        void one(String payload) {}
    }

    static class NoConcurrency {
        @ShmipcListener(concurrency = "0")
        void one(String payload) {}
    }

    static class WordyConcurrency {
        @ShmipcListener(concurrency = "many")
        void one(String payload) {}
    }

    static class Maybe {
        @ShmipcListener(autoStartup = "perhaps", listener = "admin")
        void one(String payload) {}
    }

    static class StreamWithRoute {
        @ShmipcListener(route = "one", listener = "admin")
        void one(BufferReader reader) {}
    }

    static class NothingAtAll {
        @ShmipcListener
        void ping() {}
    }

    static class NothingBesideMessages {
        @ShmipcListener(route = "one")
        void message(String payload) {}

        @ShmipcListener
        void ping() {}
    }

    static class OnlySession {
        @ShmipcListener
        void ping(Session session) {}
    }

    static class OnlyWriter {
        @ShmipcListener
        void ping(BufferWriter writer) {}
    }

    static class LateView {
        @ShmipcListener
        CompletableFuture<String> one(ByteBuffer payload) {
            return CompletableFuture.completedFuture("");
        }
    }
}
