package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;

/** The metadata that editors show to users, as the annotation processor wrote it. */
@Timeout(10)
class ConfigurationMetadataTests {

    @Test
    void everyPropertyHasADescriptionThatIsASentence() {
        List<ConfigurationMetadataProperty> properties = OwnMetadata.properties();

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
    void everyPropertyWithAFixedDefaultShowsIt() {
        assertThat(OwnMetadata.properties())
                .filteredOn(property -> property.getDefaultValue() == null)
                .extracting(ConfigurationMetadataProperty::getId)
                .containsExactlyInAnyOrder(
                        "management.endpoint.shmipc.roles",
                        "shmipc.client.address",
                        "shmipc.client.slice-sizes",
                        "shmipc.clients",
                        "shmipc.listeners",
                        "shmipc.metrics.percentiles",
                        "shmipc.server.address",
                        "shmipc.server.socket-group",
                        "shmipc.server.access.user-ids",
                        "shmipc.server.access.group-ids",
                        "shmipc.server.access.directories");
    }
}
