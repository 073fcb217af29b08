package io.shmipc.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataRepositoryJsonBuilder;

/** The properties of this module, as the annotation processor wrote them down for editors. */
final class OwnMetadata {

    private OwnMetadata() {}

    /** Returns the properties in the order of their names. */
    static List<ConfigurationMetadataProperty> properties() {
        TreeSet<ConfigurationMetadataProperty> ours =
                new TreeSet<>(Comparator.comparing(ConfigurationMetadataProperty::getId));
        try {
            for (URL url : Collections.list(
                    OwnMetadata.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
                try (InputStream json = url.openStream()) {
                    ConfigurationMetadataRepositoryJsonBuilder.create(json).build().getAllProperties().values().stream()
                            .filter(property -> property.getId().contains("shmipc"))
                            .forEach(ours::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(ours);
    }
}
