package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataRepositoryJsonBuilder;

/** The metadata that editors show to users, as the annotation processor wrote it. */
@Timeout(10)
class ConfigurationMetadataTests {

    @Test
    void everyPropertyHasADescriptionThatIsASentence() throws IOException {
        List<ConfigurationMetadataProperty> properties = properties();

        assertThat(properties)
                .extracting(ConfigurationMetadataProperty::getId)
                .contains("shmipc.client.address", "shmipc.server.address", "management.health.shmipc.enabled");
        assertThat(properties)
                .allSatisfy(property -> assertThat(property.getDescription())
                        .as(property.getId())
                        .matches("[A-Z].*\\.")
                        .doesNotContain("{@", "\n"));
    }

    @Test
    void everyPropertyWithAFixedDefaultShowsIt() throws IOException {
        assertThat(properties())
                .filteredOn(property -> property.getDefaultValue() == null)
                .extracting(ConfigurationMetadataProperty::getId)
                .containsExactlyInAnyOrder(
                        "shmipc.client.address", "shmipc.server.address", "shmipc.client.slice-sizes");
    }

    private static List<ConfigurationMetadataProperty> properties() throws IOException {
        List<ConfigurationMetadataProperty> ours = new ArrayList<>();
        for (URL url : Collections.list(ConfigurationMetadataTests.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream json = url.openStream()) {
                ConfigurationMetadataRepositoryJsonBuilder.create(json).build().getAllProperties().values().stream()
                        .filter(property -> property.getId().contains("shmipc"))
                        .forEach(ours::add);
            }
        }
        return ours;
    }
}
