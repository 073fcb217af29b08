package io.shmipc.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataRepositoryJsonBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The properties of this module, as the annotation processor wrote them down for editors. */
final class OwnMetadata {

    private OwnMetadata() {}

    /** Returns the properties in the order of their names. */
    static List<ConfigurationMetadataProperty> properties() {
        TreeSet<ConfigurationMetadataProperty> ours =
                new TreeSet<>(Comparator.comparing(ConfigurationMetadataProperty::getId));
        forEachFile(json ->
                ConfigurationMetadataRepositoryJsonBuilder.create(json).build().getAllProperties().values().stream()
                        .filter(property -> property.getId().contains("shmipc"))
                        .forEach(ours::add));
        return List.copyOf(ours);
    }

    /** Returns the names that hints are for, as they are written down: a wrong one would not reach its property. */
    static List<String> hintedNames() {
        List<String> names = new ArrayList<>();
        forEachFile(json -> {
            for (JsonNode hint : new JsonMapper().readTree(json).path("hints")) {
                names.add(hint.path("name").asString());
            }
        });
        return names.stream().filter(name -> name.contains("shmipc")).toList();
    }

    private static void forEachFile(JsonReader reader) {
        try {
            for (URL url : Collections.list(
                    OwnMetadata.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
                try (InputStream json = url.openStream()) {
                    reader.read(json);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    private interface JsonReader {
        void read(InputStream json) throws IOException;
    }
}
