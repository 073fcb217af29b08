package io.shmipc.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.StreamClosedException;
import io.shmipc.client.SessionManager;
import io.shmipc.client.StreamFunction;
import io.shmipc.spring.boot.test.autoconfigure.AutoConfigureShmipc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.UseMainMethod;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.ActiveProfiles;

/** The handlers that speak protocols of their own, called by clients that know nothing but bytes. */
@SpringBootTest(
        useMainMethod = UseMainMethod.ALWAYS,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        // Names are enough: the addresses are temporary ones, and the clients of these names have them, too.
        properties = {"shmipc.listeners.raw.address=unix:raw", "shmipc.listeners.lines.address=unix:lines"})
@AutoConfigureShmipc
@ActiveProfiles("single")
@Timeout(60)
class CodeToCopyTests {

    private static final Path SOURCES = Path.of("src", "main", "java", "io", "shmipc", "sample");
    private static final Path PAGE = Path.of("src", "main", "resources", "static", "index.html");

    private static final Pattern SNIPPET =
            Pattern.compile("<pre data-source=\"([^\"]+)\"><code>(.*?)</code></pre>", Pattern.DOTALL);

    @Autowired
    @Qualifier("raw")
    private SessionManager raw;

    @Autowired
    @Qualifier("lines")
    private SessionManager lines;

    @Test
    void aLineIsAnsweredThatArrivesInPieces() {
        assertThat(CodeToCopyTests.<String>call(lines, stream -> {
                    for (byte piece : "Ada\n".getBytes(StandardCharsets.UTF_8)) {
                        stream.bufferWriter().writeByte(piece);
                        stream.flush();
                    }
                    return line(stream.bufferReader());
                }))
                .startsWith("Hello, Ada! Process " + ProcessHandle.current().pid());
    }

    @Test
    void linesAreAnsweredThatArriveTogether() {
        assertThat(CodeToCopyTests.<List<String>>call(lines, stream -> {
                    stream.bufferWriter().writeString("Ada\nĽudmila 🦊\n");
                    stream.flush();
                    return List.of(line(stream.bufferReader()), line(stream.bufferReader()));
                }))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("Hello, Ada!"),
                        second -> assertThat(second).startsWith("Hello, Ľudmila 🦊!"));
    }

    @Test
    void aLineThatDoesNotEndClosesItsStreamAndNoOther() {
        assertThatThrownBy(() -> call(lines, stream -> {
                    stream.bufferWriter().writeString("x".repeat((64 << 10) + 1));
                    stream.flush();
                    // The last line says what is wrong, then the stream ends.
                    while (true) {
                        line(stream.bufferReader());
                    }
                }))
                .isInstanceOf(StreamClosedException.class);
        linesAreAnsweredThatArriveTogether();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 8_172, 131_052, 1_048_576})
    void rawBytesComeBackAsTheyWent(int length) {
        byte[] message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = (byte) (i * 31);
        }
        assertThat(CodeToCopyTests.<byte[]>call(raw, stream -> {
                    BufferWriter writer = stream.bufferWriter();
                    writer.writeInt(length);
                    writer.writeBytes(message);
                    stream.flush();
                    byte[] answer = new byte[stream.bufferReader().readInt()];
                    stream.bufferReader().readBytes(answer, 0, answer.length);
                    return answer;
                }))
                .isEqualTo(message);
    }

    @Test
    void anImpossibleLengthClosesItsStream() {
        assertThatThrownBy(() -> call(raw, stream -> {
                    stream.bufferWriter().writeInt(-1);
                    stream.flush();
                    return stream.bufferReader().readInt();
                }))
                .isInstanceOf(StreamClosedException.class);
    }

    @Test
    void thePageShowsCodeThatIsThere() throws Exception {
        Matcher snippets = SNIPPET.matcher(Files.readString(PAGE));
        int shown = 0;
        while (snippets.find()) {
            shown++;
            Path file = SOURCES.resolve(snippets.group(1));
            String code = snippets.group(2).replace("&lt;", "<").replace("&amp;", "&");
            assertThat(trimmed(Files.readString(file).lines()))
                    .as(file.toString())
                    .containsAll(trimmed(code.lines()));
        }
        assertThat(shown).isEqualTo(4);
    }

    private static List<String> trimmed(Stream<String> lines) {
        return lines.map(String::strip)
                .filter(line -> !line.isEmpty() && !line.equals("…"))
                .toList();
    }

    private static String line(BufferReader reader) {
        byte[] bytes = new byte[1 << 16];
        int length = 0;
        for (byte next = reader.readByte(); next != '\n'; next = reader.readByte()) {
            bytes[length++] = next;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static <T> T call(SessionManager sessions, StreamFunction<T> work) {
        return sessions.execute(stream -> {
            stream.setDeadline(Instant.now().plusSeconds(20));
            return work.apply(stream);
        });
    }
}
