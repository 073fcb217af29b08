package io.shmipc.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.shmipc.spring.boot.autoconfigure.NamedDefaults;
import io.shmipc.spring.boot.autoconfigure.ShmipcProperties;
import io.shmipc.spring.boot.autoconfigure.message.ShmipcMessageProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

/** Every Java snippet of the guide and the README stands in a compiled file, and every property in their YAML exists. */
@Timeout(60)
class GuideTests {

    private static final Path GUIDE = Path.of("..", "docs", "guide.md");
    private static final Path README = Path.of("..", "README.md");
    private static final Path SOURCES = Path.of("src", "test", "java", "io", "shmipc");
    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern METADATA_NAME = Pattern.compile("\"name\"\\s*:\\s*\"([^\"]+)\"");

    static Stream<String> java() {
        return blocks("java");
    }

    static Stream<String> yaml() {
        return blocks("yaml");
    }

    @ParameterizedTest
    @MethodSource("java")
    void aJavaSnippetStandsInACompiledFile(String snippet) {
        String text = withoutIndent(snippet);
        assertThat(sources().stream().anyMatch(source -> source.contains(text)))
                .as("Is this in a file of %s?%n%s", SOURCES, snippet)
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("yaml")
    void theYamlNamesPropertiesThatExistAndBind(String snippet) throws IOException {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(source -> environment.getPropertySources().remove(source.getName()));
        Set<String> known = knownProperties();
        for (PropertySource<?> source : new YamlPropertySourceLoader()
                .load("guide", new ByteArrayResource(snippet.getBytes(StandardCharsets.UTF_8)))) {
            environment.getPropertySources().addLast(source);
            for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
                assertThat(known.contains(unnamed(name))).as(name).isTrue();
            }
        }
        Binder binder = Binder.get(environment);
        BindHandler handler = new NamedDefaults(environment).apply(BindHandler.DEFAULT);
        assertThatNoException().isThrownBy(() -> {
            binder.bind("shmipc", Bindable.of(ShmipcProperties.class), handler);
            binder.bind("shmipc.messages", Bindable.of(ShmipcMessageProperties.class));
        });
    }

    @Test
    void theGuideGoesFromTheServerToTroubleshooting() throws IOException {
        assertThat(Files.readAllLines(GUIDE).stream().filter(line -> line.startsWith("## ")))
                .containsExactly(
                        "## The server",
                        "## The client",
                        "## Messages",
                        "## Operations",
                        "## Testing",
                        "## Troubleshooting");
    }

    private static Stream<String> blocks(String language) {
        List<String> blocks = new ArrayList<>();
        for (Path document : List.of(GUIDE, README)) {
            int before = blocks.size();
            Matcher matcher = BLOCK.matcher(read(document));
            while (matcher.find()) {
                if (matcher.group(1).equals(language)) {
                    blocks.add(matcher.group(2));
                }
            }
            assertThat(blocks).as("%s of %s", language, document).hasSizeGreaterThan(before);
        }
        return blocks.stream();
    }

    private static List<String> sources() {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("GuideTests.java"))
                    .map(file -> withoutIndent(read(file)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutIndent(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the property of which a named client's or listener's is one, without the index of a list. */
    private static String unnamed(String property) {
        return property.replaceFirst("^shmipc\\.clients\\.[^.]+", "shmipc.client")
                .replaceFirst("^shmipc\\.listeners\\.[^.]+", "shmipc.server")
                .replaceFirst("\\[\\d+].*", "");
    }

    private static Set<String> knownProperties() throws IOException {
        Set<String> names = new HashSet<>();
        for (URL url : Collections.list(
                GuideTests.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (var json = url.openStream()) {
                Matcher matcher = METADATA_NAME.matcher(new String(json.readAllBytes(), StandardCharsets.UTF_8));
                while (matcher.find()) {
                    names.add(matcher.group(1));
                }
            }
        }
        return names;
    }
}
