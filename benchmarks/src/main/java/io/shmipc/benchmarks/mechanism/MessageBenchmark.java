package io.shmipc.benchmarks.mechanism;

import io.shmipc.channel.MessageDecoder;
import io.shmipc.channel.MessageHandler;
import io.shmipc.channel.MessageType;
import io.shmipc.layout.MessageLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Taking a connection's bytes apart into messages. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MessageBenchmark {

    private static final int VERSION = 3;

    private final MessageDecoder decoder = new MessageDecoder();
    private final Counting handler = new Counting();
    private final ByteBuffer wakeUp = message(MessageType.POLLING, 0);
    private final ByteBuffer close = message(MessageType.STREAM_CLOSE, MessageLayout.STREAM_CLOSE_BYTES);

    private static ByteBuffer message(MessageType type, int payloadBytes) {
        int bytes = MessageLayout.HEADER_BYTES + payloadBytes;
        ByteBuffer message = ByteBuffer.allocateDirect(bytes);
        message.putInt(MessageLayout.LENGTH, bytes);
        message.putShort(MessageLayout.MAGIC, MessageLayout.MAGIC_NUMBER);
        message.put(MessageLayout.VERSION, (byte) VERSION);
        message.put(MessageLayout.TYPE, type.number());
        return message;
    }

    private static final class Counting implements MessageHandler {

        private int messages;

        @Override
        public void onMessage(MessageType type, int version, ByteBuffer payload) {
            messages++;
        }

        @Override
        public void onFallback(int streamId, int status, int bytes) {
            messages++;
        }

        @Override
        public void onFallbackPart(ByteBuffer part, boolean last) {
            messages++;
        }
    }

    @Benchmark
    public int decodeWakeUp() {
        decoder.feed(wakeUp.clear(), handler);
        return handler.messages;
    }

    @Benchmark
    public int decodeStreamClose() {
        decoder.feed(close.clear(), handler);
        return handler.messages;
    }
}
