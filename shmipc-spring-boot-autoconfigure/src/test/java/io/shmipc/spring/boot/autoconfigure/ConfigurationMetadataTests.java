package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.util.StreamUtils;

/** The metadata that editors show to users, as the annotation processor wrote it. */
@Timeout(10)
class ConfigurationMetadataTests {

    @Test
    void everyPropertyHasADescriptionThatIsASentence() throws IOException {
        List<Map<String, Object>> properties = properties();

        assertThat(properties).extracting(property -> property.get("name")).contains("shmipc.client.address");
        assertThat(properties)
                .allSatisfy(property -> assertThat(String.valueOf(property.get("description")))
                        .as(String.valueOf(property.get("name")))
                        .matches("[A-Z].*\\.")
                        .doesNotContain("{@", "\n"));
    }

    @Test
    void everyPropertyWithAFixedDefaultShowsIt() throws IOException {
        assertThat(properties())
                .filteredOn(property -> !property.containsKey("defaultValue"))
                .extracting(property -> property.get("name"))
                .containsExactlyInAnyOrder(
                        "shmipc.client.address", "shmipc.server.address", "shmipc.client.slice-sizes");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> properties() throws IOException {
        List<Map<String, Object>> ours = new ArrayList<>();
        for (URL url : Collections.list(ConfigurationMetadataTests.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
            String json = StreamUtils.copyToString(url.openStream(), StandardCharsets.UTF_8);
            Map<String, Object> metadata = JsonParserFactory.getJsonParser().parseMap(json);
            for (Map<String, Object> property : (List<Map<String, Object>>) metadata.get("properties")) {
                if (String.valueOf(property.get("name")).contains("shmipc")) {
                    ours.add(property);
                }
            }
        }
        return ours;
    }
}
