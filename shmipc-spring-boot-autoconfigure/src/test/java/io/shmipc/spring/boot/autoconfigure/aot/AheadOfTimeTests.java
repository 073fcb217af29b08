package io.shmipc.spring.boot.autoconfigure.aot;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.BufferReader;
import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.availability.ShmipcAvailabilityAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcClientAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcTemplateAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.event.ShmipcEventAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.server.ShmipcServerAutoConfiguration;
import io.shmipc.spring.client.ImportShmipcClients;
import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.FileSystemGeneratedFiles;
import org.springframework.aot.hint.predicate.ReflectionHintsPredicates;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.javapoet.ClassName;

/** A context with clients and listeners, simple and named, generated ahead of time, compiled, and run. */
@Timeout(120)
class AheadOfTimeTests {

    @TempDir
    Path directory;

    @Test
    void aGeneratedContextListensAndCalls() throws Exception {
        Path classes = Files.createDirectory(directory.resolve("compiled"));
        DefaultGenerationContext generation = new DefaultGenerationContext(
                new ClassNameGenerator(ClassName.get(Application.class)), new FileSystemGeneratedFiles(directory));
        ClassName initializer = generate(generation);
        compile(directory.resolve("sources"), classes);

        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(Plus.class.getDeclaredMethod("onData", BufferReader.class, Stream.class)))
                .accepts(generation.getRuntimeHints());
        define(classes);
        try (GenericApplicationContext generated = new GenericApplicationContext()) {
            addAddresses(generated, "run");
            initialize(Class.forName(initializer.reflectionName()), generated);
            generated.refresh();

            assertThat(call(generated.getBean(SessionManager.class))).isEqualTo(42);
            assertThat(call(BeanFactoryAnnotationUtils.qualifiedBeanOfType(
                            generated.getBeanFactory(), SessionManager.class, "orders")))
                    .isEqualTo(42);
            Letters letters = generated.getBeanProvider(Letters.class).getObject();
            assertThat(letters.upAndOut("x")).isEqualTo("X!");
            assertThat(letters.count(new Counting.Word("aba"), new Counting.Limit(1)))
                    .succeedsWithin(10, TimeUnit.SECONDS)
                    .isEqualTo(List.of(new Counting.Count("a", 2)));
            assertThat(RuntimeHintsPredicates.proxies()
                            .forInterfaces(letters.getClass().getInterfaces()))
                    .accepts(generation.getRuntimeHints());
        }
    }

    @Test
    void aClientsMethodsAndWhatTheySendAndReceiveHaveHints() throws Exception {
        DefaultGenerationContext generation = new DefaultGenerationContext(
                new ClassNameGenerator(ClassName.get(Application.class)), new FileSystemGeneratedFiles(directory));
        generate(generation);

        ReflectionHintsPredicates reflection = RuntimeHintsPredicates.reflection();
        assertThat(List.of(
                        reflection.onType(Letters.class),
                        reflection.onMethodInvocation(Letters.class, "up"),
                        reflection.onMethodInvocation(Letters.class, "upAndOut"),
                        reflection.onMethodInvocation(Counting.class, "count"),
                        reflection.onMethodInvocation(Counting.Word.class, "text"),
                        reflection.onConstructorInvocation(
                                Counting.Count.class.getDeclaredConstructor(String.class, int.class))))
                .allSatisfy(hint -> assertThat(hint).accepts(generation.getRuntimeHints()));
        assertThat(reflection.onType(Counting.Limit.class)).rejects(generation.getRuntimeHints());
    }

    private ClassName generate(DefaultGenerationContext generation) {
        try (AnnotationConfigApplicationContext original = new AnnotationConfigApplicationContext()) {
            original.register(Application.class);
            addAddresses(original, "build");
            ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(original, generation);
            generation.writeGeneratedContent();
            return initializer;
        }
    }

    private static void compile(Path sources, Path classes) throws IOException {
        try (var files = Files.walk(sources)) {
            List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", classes.toString()));
            files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
            assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                    .isZero();
        }
    }

    @SuppressWarnings("unchecked") // what was generated initializes any context
    private static void initialize(Class<?> initializer, GenericApplicationContext context)
            throws ReflectiveOperationException {
        ((ApplicationContextInitializer<GenericApplicationContext>)
                        initializer.getDeclaredConstructor().newInstance())
                .initialize(context);
    }

    /**
     * Defines what was generated beside the classes that it was generated for, whose package-private members it uses.
     * The name of a generated class begins with the name of such a class and an underscore.
     */
    private static void define(Path classes) throws IOException, ReflectiveOperationException {
        List<Path> generated;
        try (var files = Files.walk(classes)) {
            generated = files.filter(Files::isRegularFile).toList();
        }
        for (Path file : generated) {
            String name = classes.relativize(file).toString().replace(File.separatorChar, '.');
            Class<?> neighbour = Class.forName(name.substring(0, name.indexOf('_')));
            MethodHandles.privateLookupIn(neighbour, MethodHandles.lookup()).defineClass(Files.readAllBytes(file));
        }
    }

    private void addAddresses(GenericApplicationContext context, String name) {
        String simple = directory.resolve(name + "-simple.sock").toString();
        String letters = directory.resolve(name + "-letters.sock").toString();
        String orders = directory.resolve(name + "-orders.sock").toString();
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "addresses",
                        Map.of(
                                "shmipc.server.address", simple,
                                "shmipc.client.address", simple,
                                "shmipc.listeners.orders.address", orders,
                                "shmipc.clients.orders.address", orders,
                                "shmipc.listeners.letters.address", letters,
                                "shmipc.clients.letters.address", letters,
                                "shmipc.client.rebuild-interval", "5ms",
                                "shmipc.client.buffer-capacity", "4MB")));
    }

    private static long call(SessionManager manager) {
        Awaitility.await().until(() -> manager.sessions().stream().anyMatch(Session::isHealthy));
        return manager.execute(stream -> {
            stream.setDeadline(Instant.now().plusSeconds(10));
            stream.bufferWriter().writeLong(41);
            stream.flush();
            return stream.bufferReader().readLong();
        });
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        ShmipcAvailabilityAutoConfiguration.class,
        ShmipcClientAutoConfiguration.class,
        ShmipcEventAutoConfiguration.class,
        ShmipcServerAutoConfiguration.class,
        ShmipcTemplateAutoConfiguration.class
    })
    @ImportShmipcClients(types = Letters.class, client = "letters")
    static class Application {

        @Bean
        Plus plus() {
            return new Plus();
        }

        @Bean
        Capitals capitals() {
            return new Capitals();
        }

        @Bean
        OrdersPlus ordersPlus() {
            return new OrdersPlus();
        }
    }

    static class Capitals {

        @ShmipcListener(listener = "letters", route = "up")
        String up(String text) {
            return text.toUpperCase(Locale.ROOT);
        }

        @ShmipcListener(listener = "letters", route = "count")
        List<Counting.Count> count(Map<String, String> word) {
            long times =
                    word.get("text").chars().filter(letter -> letter == 'a').count();
            return List.of(new Counting.Count("a", (int) times));
        }
    }

    static class Plus {

        @ShmipcListener
        void onData(BufferReader reader, Stream stream) {
            stream.bufferWriter().writeLong(reader.readLong() + 1);
            stream.flush();
        }
    }

    static class OrdersPlus {

        @ShmipcListener(listener = "orders")
        void onData(BufferReader reader, Stream stream) {
            stream.bufferWriter().writeLong(reader.readLong() + 1);
            stream.flush();
        }
    }
}
