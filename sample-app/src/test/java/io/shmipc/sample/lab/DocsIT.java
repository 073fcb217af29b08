package io.shmipc.sample.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that the documentation and the page tell people to type do what they say. */
@Tag("first-run")
@Timeout(240)
class DocsIT {

    private static final Path DOCS = Path.of("..", "docs", "README.md");
    private static final Path PAGE = Path.of("src", "main", "resources", "static", "index.html");
    private static final Pattern COMMAND = Pattern.compile("`(curl [^`]+)`");
    private static final Pattern COMMAND_OF_THE_PAGE = Pattern.compile("<code>(curl [^<]+)</code>");
    private static final int COMMAND_SECONDS = 30;
    private static final int EXIT_AFTER_MAX_TIME = 28;

    @TempDir
    Path directory;

    @Test
    void everyCurlCommandSucceeds() throws Exception {
        Set<String> commands = new LinkedHashSet<>(find(COMMAND, DOCS));
        assertThat(commands).hasSizeGreaterThan(9);
        List<String> ofThePage = find(COMMAND_OF_THE_PAGE, PAGE);
        assertThat(ofThePage).hasSizeGreaterThan(3);
        ofThePage.forEach(command -> commands.add(command.replace("&amp;", "&")));
        try (Lab lab = new Lab(directory)) {
            lab.awaitFirstComparison();
            for (String command : commands) {
                run(command, lab);
                lab.awaitIdle();
            }
        }
    }

    private static List<String> find(Pattern command, Path file) throws IOException {
        return command.matcher(Files.readString(file))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private void run(String command, Lab lab) throws Exception {
        Path output = directory.resolve("curl.log");
        boolean endless = command.contains("/live");
        String here = command.replace("localhost:8080", lab.base().getAuthority())
                .replaceFirst("curl", "curl -fsS --max-time " + (endless ? 3 : COMMAND_SECONDS));
        Process process = new ProcessBuilder("bash", "-c", here)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(2 * COMMAND_SECONDS, TimeUnit.SECONDS))
                .as(here)
                .isTrue();
        String printed = Files.readString(output);
        assertThat(process.exitValue()).as(here + "\n" + printed).isEqualTo(endless ? EXIT_AFTER_MAX_TIME : 0);
        assertThat(printed).as(here).isNotBlank();
        if (endless) {
            assertThat(printed).contains("event:live", "\"sessions\"");
        }
    }
}
