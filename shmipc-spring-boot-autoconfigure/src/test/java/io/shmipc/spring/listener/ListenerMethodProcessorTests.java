package io.shmipc.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shmipc.ShmipcAddress;
import io.shmipc.Stream;
import io.shmipc.server.ListenerConfig;
import io.shmipc.spring.annotation.InvalidDeclarationException;
import io.shmipc.spring.annotation.ShmipcListener;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.expression.StandardBeanExpressionResolver;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.env.MapPropertySource;

/** Finds methods without a running listener: the context is refreshed, its life cycle is not what is looked at. */
@Timeout(10)
class ListenerMethodProcessorTests {

    private final MessageMethodFactory messageMethods =
            new MessageMethodFactory(new DefaultListableBeanFactory(), MessageSettings.defaults());
    private final ShmipcListenerRegistry registry = new ShmipcListenerRegistry(
            List.of(
                    new ListenerDefinition("server", config("server")),
                    new ListenerDefinition("admin", config("admin"))),
            messageMethods);

    @Test
    void namesAnEndpointAfterItsBeanAndMethodAndServesTheSingleServer() {
        process(Map.of("echo", Echo.class), Map.of());

        ListenerEndpoint endpoint = endpoint("echo.onData");
        assertThat(endpoint.listener()).isEqualTo("server");
        assertThat(endpoint.describe()).isEqualTo("Echo.onData(Stream) of bean 'echo'");
        assertThat(registry.container("server")).matches(ListenerContainer::isServed);
        assertThat(registry.container("admin")).matches(container -> !container.isServed());
    }

    @Test
    void resolvesPlaceholdersAndExpressionsInAttributes() {
        process(Map.of("configured", Configured.class), Map.of("listener.name", "admin"));

        assertThat(endpoint("id-5").listener()).isEqualTo("admin");
        assertThat(registry.containerOf("id-5")).isNotNull().isSameAs(registry.container("admin"));
        assertThat(registry.containerOf("id-6")).isNull();
    }

    @Test
    void findsMethodsByAnAnnotationThatStandsForTheirs() {
        process(Map.of("composed", Composed.class), Map.of("listener.name", "admin"));

        ListenerEndpoint endpoint = endpoint("composed.greet");
        assertThat(endpoint.listener()).isEqualTo("admin");
        assertThat(endpoint.attributes().route()).isEqualTo("greetings");
        assertThat(endpoint.isForMessages()).isTrue();
    }

    @Test
    void callsThroughAProxyOfTheClass() throws Exception {
        AtomicInteger intercepted = new AtomicInteger();
        DefaultListableBeanFactory beans = beans(Map.of("echo", Echo.class), Map.of());
        addProxies(beans, intercepted, true);
        process(beans);

        ListenerEndpoint endpoint = endpoint("echo.onData");
        assertThat(AopUtils.isCglibProxy(endpoint.bean())).isTrue();
        endpoint.method().invoke(endpoint.bean(), (Object) null);
        assertThat(intercepted).hasValue(1);
    }

    @Test
    void callsThroughAProxyOfAnInterface() throws Exception {
        AtomicInteger intercepted = new AtomicInteger();
        DefaultListableBeanFactory beans = beans(Map.of("echo", EchoWithInterface.class), Map.of());
        addProxies(beans, intercepted, false);
        process(beans);

        ListenerEndpoint endpoint = endpoint("echo.onData");
        assertThat(AopUtils.isJdkDynamicProxy(endpoint.bean())).isTrue();
        endpoint.method().invoke(endpoint.bean(), (Object) null);
        assertThat(intercepted).hasValue(1);
    }

    @Test
    void refusesAMethodThatTheProxyHides() {
        DefaultListableBeanFactory beans = beans(Map.of("echo", HiddenByInterface.class), Map.of());
        addProxies(beans, new AtomicInteger(), false);

        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(() -> process(beans))
                .withMessageContainingAll("bean 'echo'", "HiddenByInterface.onData", "spring.aop.proxy-target-class");
    }

    @Test
    void servesScopedBeansThroughTheirProxyOnce() {
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            new AnnotatedBeanDefinitionReader(context).registerBean(ScopedEcho.class, "echo");
            context.refresh();
            new ListenerMethodProcessor(context.getDefaultListableBeanFactory(), registry)
                    .afterSingletonsInstantiated();

            assertThat(AopUtils.isAopProxy(endpoint("echo.onData").bean())).isTrue();
        }
    }

    @Test
    void refusesASecondStreamMethodForOneListener() {
        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(() -> process(Map.of("first", Echo.class, "second", Echo.class), Map.of()))
                .satisfies(refusal -> assertThat(refusal.problem())
                        .contains("'server'", "bean 'first'", "bean 'second'", "Echo.onData(Stream)"));
    }

    @Test
    void refusesAListenerThatDoesNotExist() {
        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(() -> process(Map.of("lost", Lost.class), Map.of()))
                .satisfies(refusal -> {
                    assertThat(refusal.problem()).contains("'nowhere'", "bean 'lost'", "[server, admin]");
                    assertThat(refusal.remedy()).contains("shmipc.server.address", "shmipc.server.enabled=false");
                });
    }

    @Test
    void refusesTwoMethodsWithOneId() {
        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(() -> process(Map.of("twins", Twins.class), Map.of()))
                .withMessageContaining("the id 'twin'");
    }

    @Test
    void refusesTwoListenersWithOneNameOrAddress() {
        ListenerConfig config = config("same");

        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(() -> new ShmipcListenerRegistry(
                        List.of(new ListenerDefinition("a", config), new ListenerDefinition("b", config)),
                        messageMethods))
                .withMessageContainingAll("'a' and 'b'", config.address().toString());
        assertThatExceptionOfType(InvalidDeclarationException.class)
                .isThrownBy(() -> new ShmipcListenerRegistry(
                        List.of(new ListenerDefinition("a", config), new ListenerDefinition("a", config("other"))),
                        messageMethods))
                .withMessageContaining("the name 'a'");
    }

    private ListenerEndpoint endpoint(String id) {
        ListenerEndpoint endpoint = registry.endpoint(id);
        assertThat(endpoint).as(id).isNotNull();
        return endpoint;
    }

    private void process(Map<String, Class<?>> types, Map<String, Object> properties) {
        process(beans(types, properties));
    }

    private void process(DefaultListableBeanFactory beans) {
        beans.preInstantiateSingletons();
        new ListenerMethodProcessor(beans, registry).afterSingletonsInstantiated();
    }

    private static DefaultListableBeanFactory beans(Map<String, Class<?>> types, Map<String, Object> properties) {
        GenericApplicationContext context = new GenericApplicationContext();
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
        DefaultListableBeanFactory beans = context.getDefaultListableBeanFactory();
        beans.addEmbeddedValueResolver(context.getEnvironment()::resolveRequiredPlaceholders);
        beans.setBeanExpressionResolver(new StandardBeanExpressionResolver());
        types.forEach((name, type) -> beans.registerBeanDefinition(name, new RootBeanDefinition(type)));
        return beans;
    }

    private static void addProxies(DefaultListableBeanFactory beans, AtomicInteger intercepted, boolean ofClasses) {
        MethodInterceptor interceptor = invocation -> {
            intercepted.incrementAndGet();
            return invocation.proceed();
        };
        beans.registerSingleton("advisor", new DefaultPointcutAdvisor(interceptor));
        DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
        creator.setProxyTargetClass(ofClasses);
        creator.setBeanFactory(beans);
        beans.addBeanPostProcessor(creator);
    }

    private static ListenerConfig config(String name) {
        return ListenerConfig.builder(ShmipcAddress.unix(Path.of("/nowhere", name + ".sock")))
                .build();
    }

    static class Echo {
        @ShmipcListener
        void onData(Stream stream) {}
    }

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @ShmipcListener(listener = "${listener.name}")
    @interface AdminRoute {
        @AliasFor(annotation = ShmipcListener.class, attribute = "route")
        String value();
    }

    static class Composed {
        @AdminRoute("greetings")
        void greet(String payload) {}
    }

    static class Configured {
        @ShmipcListener(id = "id-#{2 + 3}", listener = "${listener.name}")
        void onData(Stream stream) {}
    }

    interface Receiver {
        void onData(Stream stream);
    }

    static class EchoWithInterface implements Receiver {
        @Override
        @ShmipcListener
        public void onData(Stream stream) {}
    }

    interface Unrelated {
        default void other() {}
    }

    static class HiddenByInterface implements Unrelated {
        @ShmipcListener
        public void onData(Stream stream) {}
    }

    @Lazy
    @Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
    static class ScopedEcho {
        @ShmipcListener
        void onData(Stream stream) {}
    }

    static class Lost {
        @ShmipcListener(listener = "nowhere")
        void onData(Stream stream) {}
    }

    static class Twins {
        @ShmipcListener(id = "twin")
        void one(Stream stream) {}

        @ShmipcListener(id = "twin", listener = "admin")
        void other(Stream stream) {}
    }
}
