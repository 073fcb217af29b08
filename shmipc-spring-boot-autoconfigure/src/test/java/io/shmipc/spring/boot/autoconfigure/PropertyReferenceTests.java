package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.util.ClassUtils;

/** docs/properties.md says what the metadata says; after a change it is generated anew by this very test. */
@Timeout(10)
class PropertyReferenceTests {

    private static final String INTRODUCTION = """
            # Properties

            Everything that can be set, generated from the metadata that editors show. Durations are written as `500ms`,
            `10s` or `2m`, sizes as `64KB` or `32MB`.

            Names below `shmipc.clients` and `shmipc.listeners` are yours to choose. Each has all the properties of
            `shmipc.client` and `shmipc.server`, for instance `shmipc.clients.orders.sessions` or
            `shmipc.listeners.admin.address`; what it does not set is as set there, but for the address. A client by name
            is injected as `@Qualifier("orders") SessionManager`, a listener by name is served by
            `@ShmipcListener(listener = "admin")`.
            """;

    @Test
    void theReferenceSaysWhatTheMetadataSays() throws IOException {
        Path written = Path.of("..", "docs", "properties.md");
        Path generated = Path.of("target", "properties.md");
        String reference = reference();
        Files.writeString(generated, reference);

        assertThat(written)
                .as("properties have changed: copy %s to %s", generated.toAbsolutePath(), written)
                .hasContent(reference);
    }

    private static String reference() {
        StringBuilder text = new StringBuilder(INTRODUCTION);
        String group = "";
        for (ConfigurationMetadataProperty property : OwnMetadata.properties()) {
            String itsGroup = group(property.getId());
            if (!itsGroup.equals(group)) {
                group = itsGroup;
                text.append("\n## `").append(group).append("`\n\n");
                text.append("| property | type | default | what it says |\n| --- | --- | --- | --- |\n");
            }
            text.append("| `%s` | %s | %s | %s |\n"
                    .formatted(
                            property.getId(),
                            type(property),
                            defaultValue(property),
                            property.getDescription().replace("|", "\\|")));
        }
        return text.toString();
    }

    private static String group(String id) {
        Matcher matcher =
                Pattern.compile("(shmipc\\.[a-z]+|management\\.[a-z]+)(\\..*)?").matcher(id);
        assertThat(matcher.matches()).as(id).isTrue();
        return matcher.group(1);
    }

    private static String type(ConfigurationMetadataProperty property) {
        String name = property.getType().replaceAll("[a-z]+\\.|[A-Za-z]+\\$", "");
        if (name.startsWith("Map<")) {
            return name.replaceAll("Map<String,(\\w+)Properties>", "names with $1 properties")
                    .toLowerCase(Locale.ROOT);
        }
        Object[] constants = constants(property.getType());
        return constants == null
                ? name
                : Arrays.stream(constants).map(PropertyReferenceTests::written).collect(Collectors.joining(", "));
    }

    private static Object @Nullable [] constants(String type) {
        return type.contains("<")
                ? null
                : ClassUtils.resolveClassName(type, null).getEnumConstants();
    }

    private static String written(Object constant) {
        return "`" + ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-') + "`";
    }

    private static String defaultValue(ConfigurationMetadataProperty property) {
        Object value = property.getDefaultValue();
        return value == null ? "" : "`" + value + "`";
    }
}
