package io.shmipc.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.shmipc.MemoryType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** gRPC, as it is, with shared memory under its channel and its server. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class GrpcContract {

    private static final int MESSAGE_LIMIT = 16 << 20;

    private static final MethodDescriptor<byte[], byte[]> UNARY = method("Unary", MethodType.UNARY);
    private static final MethodDescriptor<byte[], byte[]> SPLIT = method("Split", MethodType.SERVER_STREAMING);
    private static final MethodDescriptor<byte[], byte[]> JOIN = method("Join", MethodType.CLIENT_STREAMING);
    private static final MethodDescriptor<byte[], byte[]> CHAT = method("Chat", MethodType.BIDI_STREAMING);

    @TempDir
    Path directory;

    private final CompletableFuture<Object> peer = new CompletableFuture<>();
    private SocketWorld world;
    private Server server;
    private ManagedChannel channel;

    abstract MemoryType memoryType();

    @BeforeEach
    void start() throws Exception {
        world = new SocketWorld(directory, memoryType(), 32 << 20);
        server = OkHttpServerBuilder.forPort(new InetSocketAddress("localhost", 1), InsecureServerCredentials.create())
                .socketFactory(new ShmipcServerSocketFactory(world.listenerConfig()))
                .maxInboundMessageSize(MESSAGE_LIMIT)
                .intercept(new NotesPeer())
                .addService(service())
                .build()
                .start();
        channel = OkHttpChannelBuilder.forAddress("localhost", 1, InsecureChannelCredentials.create())
                .socketFactory(new ShmipcSocketFactory(world.connect(1)))
                .maxInboundMessageSize(MESSAGE_LIMIT)
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow();
        server.shutdownNow();
        assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        world.close();
    }

    @Test
    void aUnaryCallIsAnswered() throws Exception {
        assertThat(unary("hello".getBytes(UTF_8))).asString(UTF_8).isEqualTo("olleh");
        assertThat(peer.get(10, TimeUnit.SECONDS)).asString().startsWith(world.address() + "#server-");
    }

    @Test
    void tenMegabytesAreAnsweredWithTenMegabytes() {
        byte[] message = new byte[10 << 20];
        new Random(1).nextBytes(message);
        assertThat(unary(message)).isEqualTo(reversed(message));
    }

    @Test
    void aServerStreamsItsAnswer() {
        byte[] message = new byte[100_000];
        new Random(2).nextBytes(message);
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        int parts = 0;
        for (Iterator<byte[]> i = ClientCalls.blockingServerStreamingCall(channel, SPLIT, CallOptions.DEFAULT, message);
                i.hasNext(); ) {
            joined.writeBytes(i.next());
            parts++;
        }
        assertThat(parts).isEqualTo(1_000);
        assertThat(joined.toByteArray()).isEqualTo(message);
    }

    @Test
    void aClientStreamsItsQuestion() throws Exception {
        Answers answers = new Answers();
        StreamObserver<byte[]> question = ClientCalls.asyncClientStreamingCall(call(JOIN), answers);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (int i = 0; i < 1_000; i++) {
            byte[] part = ("part " + i).getBytes(UTF_8);
            sent.writeBytes(part);
            question.onNext(part);
        }
        question.onCompleted();
        assertThat(answers.next()).isEqualTo(sent.toByteArray());
        answers.end();
    }

    @Test
    void bothSidesStreamInTurns() throws Exception {
        Answers answers = new Answers();
        StreamObserver<byte[]> questions = ClientCalls.asyncBidiStreamingCall(call(CHAT), answers);
        for (int i = 0; i < 1_000; i++) {
            byte[] question = ("question " + i).getBytes(UTF_8);
            questions.onNext(question);
            assertThat(answers.next()).isEqualTo(reversed(question));
        }
        questions.onCompleted();
        answers.end();
    }

    @Test
    void manyCallsShareTheConnection() throws Exception {
        List<Answers> calls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Answers answers = new Answers();
            ClientCalls.asyncUnaryCall(call(UNARY), ("call " + i).getBytes(UTF_8), answers);
            calls.add(answers);
        }
        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).next()).isEqualTo(reversed(("call " + i).getBytes(UTF_8)));
            calls.get(i).end();
        }
    }

    @Test
    void callsInFlightAreAnsweredWhenTheServerShutsDownInAnOrderlyWay() throws Exception {
        Answers answers = new Answers();
        StreamObserver<byte[]> questions = ClientCalls.asyncBidiStreamingCall(call(CHAT), answers);
        questions.onNext(new byte[] {1, 2});
        assertThat(answers.next()).containsExactly(2, 1);

        server.shutdown();
        questions.onNext(new byte[] {3, 4});
        assertThat(answers.next()).containsExactly(4, 3);
        questions.onCompleted();
        answers.end();
        assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> unary(new byte[1]))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    private ClientCall<byte[], byte[]> call(MethodDescriptor<byte[], byte[]> method) {
        return channel.newCall(method, CallOptions.DEFAULT);
    }

    private byte[] unary(byte[] message) {
        return ClientCalls.blockingUnaryCall(channel, UNARY, CallOptions.DEFAULT, message);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
        Bytes bytes = new Bytes();
        return MethodDescriptor.newBuilder(bytes, bytes)
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName("shmipc.Test", name))
                .build();
    }

    private static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("shmipc.Test")
                .addMethod(UNARY, ServerCalls.asyncUnaryCall((question, answer) -> {
                    answer.onNext(reversed(question));
                    answer.onCompleted();
                }))
                .addMethod(SPLIT, ServerCalls.asyncServerStreamingCall((question, answer) -> {
                    for (int i = 0; i < question.length; i += 100) {
                        answer.onNext(Arrays.copyOfRange(question, i, i + 100));
                    }
                    answer.onCompleted();
                }))
                .addMethod(JOIN, ServerCalls.asyncClientStreamingCall(Joiner::new))
                .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(Reverser::new))
                .build();
    }

    /** Passes bytes as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw Status.INTERNAL.withCause(e).asRuntimeException();
            }
        }
    }

    /** Answers all questions at once, at their end. */
    private static final class Joiner implements StreamObserver<byte[]> {
        private final ByteArrayOutputStream joined = new ByteArrayOutputStream();
        private final StreamObserver<byte[]> answer;

        Joiner(StreamObserver<byte[]> answer) {
            this.answer = answer;
        }

        @Override
        public void onNext(byte[] part) {
            joined.writeBytes(part);
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {
            answer.onNext(joined.toByteArray());
            answer.onCompleted();
        }
    }

    /** Answers each question with its reverse. */
    private record Reverser(StreamObserver<byte[]> answer) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] question) {
            answer.onNext(reversed(question));
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {
            answer.onCompleted();
        }
    }

    /** Collects what a server says. */
    private static final class Answers implements StreamObserver<byte[]> {
        private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        @Override
        public void onNext(byte[] message) {
            messages.add(message);
        }

        @Override
        public void onError(Throwable cause) {
            ended.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {
            ended.complete(null);
        }

        byte[] next() throws InterruptedException {
            return messages.poll(10, TimeUnit.SECONDS);
        }

        void end() throws Exception {
            ended.get(10, TimeUnit.SECONDS);
        }
    }

    /** Notes what the server takes for its client's address. */
    private final class NotesPeer implements ServerInterceptor {
        @Override
        public <A, B> ServerCall.Listener<A> interceptCall(
                ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
            peer.complete(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
            return next.startCall(call, headers);
        }
    }
}
