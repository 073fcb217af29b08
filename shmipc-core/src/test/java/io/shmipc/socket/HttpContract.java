package io.shmipc.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shmipc.MemoryType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.impl.bootstrap.HttpServer;
import org.apache.hc.core5.http.impl.bootstrap.ServerBootstrap;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** HTTP between OkHttp and Apache's server, as they are, over shared memory. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class HttpContract {

    private static final int PORT = 8080;

    @TempDir
    Path directory;

    private final CountDownLatch release = new CountDownLatch(1);
    private SocketWorld world;
    private HttpServer server;
    private OkHttpClient client;

    abstract MemoryType memoryType();

    @BeforeEach
    void start() throws Exception {
        world = new SocketWorld(directory, memoryType(), 32 << 20);
        server = ServerBootstrap.bootstrap()
                .setListenerPort(PORT)
                .setLocalAddress(InetAddress.getLoopbackAddress())
                .setServerSocketFactory(new ShmipcServerSocketFactory(world.listenerConfig()))
                .register("/peer", (request, response, context) -> {
                    SocketAddress peer =
                            HttpCoreContext.cast(context).getEndpointDetails().getRemoteAddress();
                    response.setEntity(new StringEntity(peer.toString()));
                })
                .register("/echo", (request, response, context) -> {
                    byte[] body = EntityUtils.toByteArray(request.getEntity());
                    boolean chunked = request.getFirstHeader("X-Chunked") != null;
                    response.setEntity(new ByteArrayEntity(body, ContentType.DEFAULT_BINARY, chunked));
                })
                .register("/slow", (request, response, context) -> {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new InterruptedIOException();
                    }
                })
                .create();
        server.start();
        client = new OkHttpClient.Builder()
                .socketFactory(new ShmipcSocketFactory(world.connect(1)))
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        release.countDown();
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
        server.close(CloseMode.IMMEDIATE);
        server.awaitTermination(TimeValue.ofSeconds(10));
        world.close();
    }

    private static Request.Builder to(String path) {
        return new Request.Builder().url("http://localhost:" + PORT + path);
    }

    private byte[] echo(byte[] body, boolean chunked) throws IOException {
        Request.Builder request = to("/echo").post(RequestBody.create(body, MediaType.get("application/octet-stream")));
        if (chunked) {
            request.header("X-Chunked", "yes");
        }
        try (Response response = client.newCall(request.build()).execute()) {
            assertThat(response.code()).isEqualTo(200);
            return response.body().bytes();
        }
    }

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(bytes).nextBytes(noise);
        return noise;
    }

    @Test
    void aRequestIsAnsweredAndTheServerKnowsItsClient() throws Exception {
        assertThat(server.getLocalPort()).isEqualTo(PORT);
        try (Response response = client.newCall(to("/peer").build()).execute()) {
            assertThat(response.body().string()).startsWith(world.address() + "#server-");
        }
    }

    @Test
    void oneConnectionServesManyRequests() throws Exception {
        for (int i = 0; i < 200; i++) {
            byte[] body = noise(i);
            assertThat(echo(body, i % 2 == 0)).isEqualTo(body);
        }
        assertThat(client.connectionPool().connectionCount()).isEqualTo(1);
    }

    @Test
    void tenMegabytesComeBackWithAndWithoutChunks() throws Exception {
        byte[] body = noise(10 << 20);
        assertThat(echo(body, false)).isEqualTo(body);
        assertThat(echo(body, true)).isEqualTo(body);
    }

    @Test
    void manyClientsAskAtOnce() throws Exception {
        List<Future<byte[]>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int bytes = 1_000 * i;
            answers.add(world.start(() -> echo(noise(bytes), true)));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(noise(1_000 * i));
        }
    }

    @Test
    void aSlowAnswerTimesOutAndTheNextRequestIsServed() throws Exception {
        OkHttpClient impatient =
                client.newBuilder().readTimeout(Duration.ofMillis(100)).build();
        assertThatThrownBy(() -> impatient.newCall(to("/slow").build()).execute())
                .isInstanceOf(InterruptedIOException.class);
        release.countDown();
        assertThat(echo(noise(10), false)).isEqualTo(noise(10));
    }

    @Test
    void aConnectionThatTheServerClosedIsReplaced() throws Exception {
        OkHttpClient once = client.newBuilder()
                .addInterceptor(chain -> chain.proceed(chain.request()
                        .newBuilder()
                        .header("Connection", "close")
                        .build()))
                .build();
        try (Response response = once.newCall(to("/peer").build()).execute()) {
            assertThat(response.code()).isEqualTo(200);
        }
        assertThat(echo(noise(10), false)).isEqualTo(noise(10));
    }
}
