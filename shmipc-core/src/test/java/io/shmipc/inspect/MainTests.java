package io.shmipc.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MainTests {

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "''                          | What is to be inspected?",
                "look                        | There is no command 'look'.",
                "inspect                     | Which file or process is to be inspected?",
                "inspect --json              | Which file or process is to be inspected?",
                "inspect a b                 | One file or process at a time, not 'a' and 'b'.",
                "inspect a --jsn             | There is no option '--jsn'.",
                "inspect a --watch           | --watch takes a number of seconds up to 86400, not ''.",
                "inspect a --watch x         | --watch takes a number of seconds up to 86400, not 'x'.",
                "inspect a --watch 0         | --watch takes a number of seconds up to 86400, not '0'.",
                "inspect a --watch 86401     | --watch takes a number of seconds up to 86400, not '86401'.",
                "inspect a --watch -1        | --watch takes a number of seconds up to 86400, not '-1'.",
                "inspect 99999999999999999999| There is no process 99999999999999999999 on this machine.",
            })
    void argumentsThatMakeNoSenseGetOneSentence(String arguments, String sentence) {
        String[] words =
                arguments.equals("''") ? new String[0] : arguments.strip().split(" +", -1);

        assertThat(run(words)).isEqualTo(2);
        assertThat(out.toString(UTF_8)).isEmpty();
        assertThat(err.toString(UTF_8)).isEqualTo(sentence + " Try: inspect --help\n");
    }

    @Test
    void helpIsShownOnRequest() {
        assertThat(run("--help")).isZero();
        assertThat(run("inspect", "x", "-h")).isZero();
        assertThat(out.toString(UTF_8)).contains("--watch SECONDS").contains("Exit code");
    }

    @Test
    void theExitCodeTellsWhetherSomethingIsWrong() throws Exception {
        Path sound = Golden.file(directory, Golden.REGION_CHAIN);
        byte[] bytes = Golden.bytes(Golden.REGION_CHAIN);
        bytes[8]++;
        Path damaged = Files.write(directory.resolve("damaged"), bytes);

        assertThat(run("inspect", sound.toString(), "--all")).isZero();
        assertThat(run("inspect", damaged.toString())).isEqualTo(1);
        assertThat(run("inspect", damaged.toString(), "--json")).isEqualTo(1);
        assertThat(run("inspect", directory.resolve("missing").toString())).isEqualTo(2);
        assertThat(out.toString(UTF_8)).contains("SIZE_WORD: ").contains("\"kind\":\"SIZE_WORD\"");
        assertThat(err.toString(UTF_8)).isEqualTo("There is no file " + directory.resolve("missing") + ".\n");
    }

    @Test
    void namesCannotConfuseATerminalOrBreakJson() throws Exception {
        Path file = Files.write(directory.resolve("a\u001b[2J\"\\\n\u00e4"), Golden.bytes(Golden.QUEUE_CREATED));

        assertThat(run("inspect", file.toString())).isZero();
        assertThat(out.toString(UTF_8)).contains("a?[2J\"\\?\u00e4").doesNotContain("\u001b");
        assertThat(Inspection.ofFile(file).toJson()).contains("a\\u001b[2J\\\"\\\\\\u000a\\u00e4\"");
    }

    private int run(String... arguments) {
        return Main.run(arguments, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }
}
