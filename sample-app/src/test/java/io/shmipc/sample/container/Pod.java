package io.shmipc.sample.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** A pod's manifest. What it says and is not known here fails: no setting is overlooked. */
record Pod(int group, int fsGroup, Map<String, Volume> volumes, List<Container> containers) {

    /** A directory of its own that containers mount; on disk or in memory. */
    record Volume(String name, long bytes, boolean inMemory) {}

    /** One container. */
    record Container(
            String name,
            List<String> command,
            Map<String, String> environment,
            int user,
            long memoryBytes,
            Map<String, String> mounts,
            Map<String, Object> probe) {

        /** Returns the value of a JVM option such as {@code -Xmx}, in bytes. */
        long option(String prefix) {
            return command.stream()
                    .filter(word -> word.startsWith(prefix))
                    .mapToLong(word -> bytes(word.substring(prefix.length())))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(name + " does not set " + prefix));
        }
    }

    static Pod read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            Map<String, Object> manifest = new Yaml().load(reader);
            assertThat(manifest.get("kind")).isEqualTo("Pod");
            return pod(map(manifest, "spec"));
        }
    }

    private static Pod pod(Map<String, Object> spec) {
        assertKnown(
                spec,
                "automountServiceAccountToken",
                "terminationGracePeriodSeconds",
                "securityContext",
                "volumes",
                "initContainers",
                "containers");
        Map<String, Object> security = map(spec, "securityContext");
        assertKnown(security, "runAsNonRoot", "runAsGroup", "fsGroup", "seccompProfile");
        Map<String, Volume> volumes = new LinkedHashMap<>();
        for (Map<String, Object> volume : list(spec, "volumes")) {
            String name = volume.get("name").toString();
            Map<String, Object> emptyDir = map(volume, "emptyDir");
            assertKnown(emptyDir, "medium", "sizeLimit");
            volumes.put(
                    name, new Volume(name, bytes(emptyDir.get("sizeLimit")), "Memory".equals(emptyDir.get("medium"))));
        }
        List<Container> containers = new ArrayList<>();
        list(spec, "initContainers").forEach(sidecar -> {
            assertThat(sidecar.remove("restartPolicy")).isEqualTo("Always");
            containers.add(container(sidecar));
        });
        list(spec, "containers").forEach(container -> containers.add(container(container)));
        return new Pod((int) security.get("runAsGroup"), (int) security.get("fsGroup"), volumes, containers);
    }

    private static Container container(Map<String, Object> container) {
        assertKnown(
                container,
                "name",
                "image",
                "command",
                "env",
                "ports",
                "startupProbe",
                "readinessProbe",
                "resources",
                "securityContext",
                "volumeMounts");
        Map<String, Object> security = map(container, "securityContext");
        assertThat(security)
                .containsOnlyKeys("runAsUser", "readOnlyRootFilesystem", "allowPrivilegeEscalation", "capabilities")
                .containsEntry("readOnlyRootFilesystem", true)
                .containsEntry("allowPrivilegeEscalation", false)
                .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
        Map<String, Object> resources = map(container, "resources");
        Object memory = map(resources, "limits").get("memory");
        assertThat(map(resources, "requests"))
                .as("nothing is promised that may be missing")
                .containsEntry("memory", memory);
        return new Container(
                container.get("name").toString(),
                strings(container.get("command")),
                pairs(list(container, "env"), "name", "value"),
                (int) security.get("runAsUser"),
                bytes(memory),
                pairs(list(container, "volumeMounts"), "name", "mountPath"),
                map(container, container.containsKey("startupProbe") ? "startupProbe" : "readinessProbe"));
    }

    /** Reads 24Mi, 96m or 8MB: all of them are powers of two here. */
    static long bytes(Object quantity) {
        String text = quantity.toString();
        assertThat(text).matches("\\d+(Mi|m|MB)");
        return Long.parseLong(text.replaceAll("\\D", "")) << 20;
    }

    private static void assertKnown(Map<String, Object> map, String... keys) {
        assertThat(map.keySet()).isSubsetOf(keys);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Map<String, Object> parent, String key) {
        return (Map<String, Object>) parent.get(key);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> parent, String key) {
        return (List<Map<String, Object>>) parent.get(key);
    }

    static List<String> strings(Object list) {
        return ((List<?>) list).stream().map(Object::toString).toList();
    }

    private static Map<String, String> pairs(List<Map<String, Object>> entries, String key, String value) {
        Map<String, String> pairs = new LinkedHashMap<>();
        entries.forEach(
                entry -> pairs.put(entry.get(key).toString(), entry.get(value).toString()));
        return pairs;
    }
}
