package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.boot.configurationmetadata.ValueHint;

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

    @Test
    void everyHintIsForAPropertyThatExists() {
        List<String> properties = OwnMetadata.properties().stream()
                .map(ConfigurationMetadataProperty::getId)
                .toList();

        assertThat(OwnMetadata.hintedNames())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(properties).contains(name.replaceFirst("\\.keys$", "")));
    }

    /** The constants of an enum are offered without a hint; texts and names have to be told. */
    @Test
    void everyTextAndEveryNameOfOnesOwnHasAHintThatSaysWhatItsValuesMean() {
        assertThat(OwnMetadata.properties())
                .filteredOn(property -> property.getType().equals("java.lang.String"))
                .hasSizeGreaterThan(3)
                .allSatisfy(property ->
                        assertExplained(property.getId(), property.getHints().getValueHints()));
        assertThat(OwnMetadata.properties())
                .filteredOn(property -> property.getType().startsWith("java.util.Map<"))
                .hasSize(2)
                .allSatisfy(property ->
                        assertExplained(property.getId(), property.getHints().getKeyHints()));
    }

    /** An enum of a library that is not there could not be offered. */
    @Test
    void everyChoiceOfFewIsAnEnumWhoseConstantsEditorsFind() {
        assertThat(OwnMetadata.properties())
                .filteredOn(property -> property.getId().matches(".*(strategy|back-pressure|execution|memory-type)"))
                .hasSize(7)
                .allSatisfy(
                        property -> assertThat(Class.forName(property.getType()).getEnumConstants())
                                .as(property.getId())
                                .hasSizeGreaterThan(1));
    }

    private static void assertExplained(String property, List<ValueHint> values) {
        assertThat(values)
                .as(property)
                .isNotEmpty()
                .allSatisfy(value -> assertThat(value.getDescription()).matches("[A-Z].*\\."));
    }
}
