package consumer;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.annotation.ShmipcListener;
import java.time.Instant;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Serves and calls in one process, prints the answer, and ends. */
@SpringBootApplication
public class Consumer {

    public static void main(String[] args) throws InterruptedException {
        try (var context = SpringApplication.run(Consumer.class, args)) {
            System.out.println("41 + 1 = " + increment(context.getBean(SessionManager.class), 41));
        }
    }

    /** The client connects in the background: the first attempts may come too early. */
    private static long increment(SessionManager sessions, long number) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(20);
        while (true) {
            try {
                return sessions.execute(stream -> {
                    stream.setDeadline(end);
                    stream.bufferWriter().writeLong(number);
                    stream.flush();
                    return stream.bufferReader().readLong();
                });
            } catch (ShmipcException e) {
                if (Instant.now().isAfter(end)) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    @ShmipcListener
    void onData(BufferReader reader, BufferWriter writer, Stream stream) {
        while (reader.length() >= Long.BYTES) {
            writer.writeLong(reader.readLong() + 1);
            stream.flush();
        }
    }
}
