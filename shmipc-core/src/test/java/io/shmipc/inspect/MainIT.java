package io.shmipc.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.sys.Descriptor;
import io.shmipc.sys.Mappings;
import io.shmipc.sys.Memfd;
import io.shmipc.sys.SharedFiles;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command in a JVM of its own, with the engine and nothing else: no JNA, no logger. */
@Timeout(120)
class MainIT {

    private static final String SELF = Long.toString(ProcessHandle.current().pid());

    @TempDir
    Path directory;

    @Test
    void aSoundFileIsShownAndEndsWithZero() throws Exception {
        Path file = Golden.file(directory, Golden.REGION_TWO_STREAMS);

        Result text = inspect(file.toString());
        Result json = inspect(file.toString(), "--json", "--watch", "0.1");

        assertThat(text.errors).isEmpty();
        assertThat(text.code).isZero();
        assertThat(text.output).startsWith(file + ": 1 region and 0 pairs of queues, no problem found\n");
        assertThat(json.code).isZero();
        JsonNode report = new JsonMapper().readTree(json.output);
        assertThat(report.get("ok").asBoolean()).isTrue();
        JsonNode list = report.get("regions").get(0).get("lists").get(0);
        assertThat(list.get("oldestInUseAtLeastSeconds").asDouble()).isGreaterThanOrEqualTo(0.1);
    }

    @Test
    void aDamagedFileIsExplainedAndEndsWithOne() throws Exception {
        byte[] bytes = Golden.bytes(Golden.REGION_CREATED);
        bytes[44 + 1024 + 16] = 0;
        Path file = Files.write(directory.resolve("damaged"), bytes);

        Result text = inspect(file.toString());
        Result json = inspect("--json", file.toString());

        assertThat(text.code).isEqualTo(1);
        assertThat(text.output).contains("LIST_CUT: The free list of 1004 B slices is cut at 1068");
        assertThat(json.code).isEqualTo(1);
        assertThat(new JsonMapper().readTree(json.output).get("ok").asBoolean()).isFalse();
    }

    @Test
    void memfdsThatAProcessHasOpenAreFound() throws Exception {
        try (Descriptor region = memfd("test_buffer", Golden.REGION_TWO_STREAMS);
                Descriptor queues = memfd("test_queue_0", Golden.QUEUE_TWO_STREAMS)) {
            Result text = inspect(SELF);

            assertThat(text.errors).isEmpty();
            assertThat(text.code).isZero();
            assertThat(text.output)
                    .startsWith("process " + SELF + ": ")
                    .contains("region memfd:test_buffer, 1048576 B")
                    .contains("queues memfd:test_queue_0, 1584 B")
                    .contains("3020 B of 4076, waits for stream 3, client to server");
            JsonNode json = new JsonMapper().readTree(inspect(SELF, "--json").output);
            assertThat(json.findValuesAsString("name")).contains("memfd:test_buffer", "memfd:test_queue_0");
            assertThat(region.isOpen() && queues.isOpen()).isTrue();
        }
    }

    @Test
    void memoryThatAProcessHasMappedButNotOpenIsFoundOrNamed() throws Exception {
        Path file = Golden.file(directory, Golden.REGION_CHAIN);
        ByteBuffer mappedFile;
        try (Descriptor descriptor = SharedFiles.openExisting(file)) {
            mappedFile = Mappings.map(descriptor, 1 << 20);
        }
        ByteBuffer mappedMemfd;
        try (Descriptor memfd = memfd("mapped_queue_0", Golden.QUEUE_CREATED)) {
            mappedMemfd = Mappings.map(memfd, 1584);
        }
        try {
            Result text = inspect(SELF);

            assertThat(text.code).isZero();
            assertThat(text.output).contains("region " + file + ", 1048576 B");
            // Only root can follow a mapping whose memory has neither a name nor a descriptor.
            assertThat(text.output)
                    .containsAnyOf(
                            "queues memfd:mapped_queue_0, 1584 B",
                            "memfd:mapped_queue_0: mapped but not open any more, so that only root can look at it");
        } finally {
            Mappings.release(mappedFile);
            Mappings.release(mappedMemfd);
        }
    }

    @Test
    void aMemfdOfOtherSoftwareIsNamedAndIsNoProblem() throws Exception {
        try (Descriptor region = memfd("test_buffer", Golden.REGION_CREATED);
                Descriptor other = Memfd.createSealed("other", 4096)) {
            Result text = inspect(SELF);

            assertThat(text.code).isZero();
            assertThat(text.output).contains("not shown\n").contains("  memfd:other: neither a buffer region nor");
            assertThat(region.isOpen() && other.isOpen()).isTrue();
        }
    }

    @Test
    void whatCannotBeInspectedGetsOneSentenceAndEndsWithTwo() throws Exception {
        Path missing = directory.resolve("missing");
        assertRefusal(inspect(missing.toString()), "There is no file " + missing + ".");
        assertRefusal(inspect("999999999"), "There is no process 999999999 on this machine.");
        Process other = new ProcessBuilder("cat").start();
        try {
            String pid = Long.toString(other.pid());
            assertRefusal(inspect(pid), "Process " + pid + " shares no shmipc memory.");
        } finally {
            other.destroyForcibly();
        }
        assertRefusal(
                inspect(directory.toString()), directory + " is not a regular file, so it holds no shmipc memory.");
        assertRefusal(inspect("--nonsense"), "There is no option '--nonsense'. Try: inspect --help");
        assertRefusal(start(), "What is to be inspected? Try: inspect --help");
    }

    @Test
    void whoeverMayNotLookIsTold() throws Exception {
        Path secret = Golden.file(directory, Golden.REGION_CREATED);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(secret), "root may read everything");

        assertRefusal(
                inspect(secret.toString()), "You have no permission to read " + secret + "; its owner and root do.");
        assertRefusal(inspect("1"), "You have no permission to look into process 1; its user and root do.");
    }

    private static void assertRefusal(Result result, String sentence) {
        assertThat(result.errors).isEqualTo(sentence + "\n");
        assertThat(result.output).isEmpty();
        assertThat(result.code).isEqualTo(2);
    }

    private static Descriptor memfd(String name, String golden) throws IOException {
        byte[] bytes = Golden.bytes(golden);
        Descriptor memfd = Memfd.createSealed(name, bytes.length);
        ByteBuffer mapping = Mappings.map(memfd, bytes.length);
        mapping.put(0, bytes);
        Mappings.release(mapping);
        return memfd;
    }

    private Result inspect(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("inspect"));
        all.addAll(List.of(arguments));
        return start(all.toArray(new String[0]));
    }

    private Result start(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path engine = engine();
        if (Files.isDirectory(engine)) {
            command.addAll(List.of("-cp", engine.toString(), Main.class.getName()));
        } else {
            command.addAll(List.of("-jar", engine.toString()));
        }
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(directory, "output", "");
        Path errors = Files.createTempFile(directory, "errors", "");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(output, UTF_8), Files.readString(errors, UTF_8));
    }

    /** Returns the jar once it is packaged, else the directory of its classes. */
    private static Path engine() throws URISyntaxException {
        return Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private record Result(int code, String output, String errors) {}
}
