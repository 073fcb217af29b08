package io.shmipc.benchmarks.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.shmipc.benchmarks.job.Gauge;
import io.shmipc.benchmarks.job.Job;
import io.shmipc.benchmarks.job.Pattern;
import io.shmipc.benchmarks.job.Payload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Either side of a job: what {@link Loops} does by blocking, as reactions to what arrives.
 *
 * <p>Bytes are gathered in one buffer until a message is complete.
 *
 * <p><b>Threads:</b> the channel's event loop; any thread awaits the end.
 */
final class NettyHandler extends ChannelInboundHandlerAdapter {

    private static final int GATHERED_BYTES = 64 << 10;

    private final Job job;
    private final Gauge gauge;
    private final boolean client;
    private final int inboundBytes;
    private final ByteBuffer gathered;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private long received;
    private long sent;
    private long acknowledged;
    private long begin;

    NettyHandler(Job job, Gauge gauge, boolean client) {
        this.job = job;
        this.gauge = gauge;
        this.client = client;
        this.inboundBytes = client && job.pattern().isOneWay() ? Long.BYTES : job.bytes();
        this.gathered = ByteBuffer.allocateDirect(Math.max(GATHERED_BYTES, inboundBytes))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    void awaitEnd() throws Exception {
        end.get();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (client) {
            beginPhase(context, job.warmUp() == 0);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end.completeExceptionally(cause);
        ChannelFuture unused = context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end.completeExceptionally(new IllegalStateException("the other process closed its socket"));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            while (bytes.isReadable()) {
                int part = Math.min(bytes.readableBytes(), gathered.remaining());
                gathered.limit(gathered.position() + part);
                bytes.readBytes(gathered);
                gathered.limit(gathered.capacity());
                takeMessages(context);
            }
        } finally {
            bytes.release();
        }
    }

    private void takeMessages(ChannelHandlerContext context) {
        int at = 0;
        while (gathered.position() - at >= inboundBytes) {
            if (inboundBytes == Long.BYTES && client) {
                acknowledged = gathered.getLong(at);
            } else {
                Payload.check(gathered, at, job, received);
            }
            received++;
            at += inboundBytes;
            onMessage(context);
        }
        if (at > 0) {
            gathered.flip().position(at);
            gathered.compact();
        }
    }

    private void onMessage(ChannelHandlerContext context) {
        if (client) {
            onAnswer(context);
        } else {
            onRequest(context);
        }
    }

    // ---------------------------------------------------------------- server

    private void onRequest(ChannelHandlerContext context) {
        if (job.pattern().isPingPong()) {
            send(context, message(context, 1));
        } else {
            int every = Math.max(1, job.window() / 2);
            if (received % every == 0 || received == job.warmUp() || received == job.total()) {
                send(context, context.alloc().directBuffer(Long.BYTES).writeLongLE(received));
            }
        }
        if (received == job.warmUp()) {
            gauge.begin();
        } else if (received == job.total()) {
            gauge.end();
            end.complete(null);
        }
    }

    // ---------------------------------------------------------------- client

    private void beginPhase(ChannelHandlerContext context, boolean measured) {
        if (measured) {
            gauge.begin();
        }
        begin = System.nanoTime();
        sendMore(context, measured ? job.total() : job.warmUp());
    }

    private void onAnswer(ChannelHandlerContext context) {
        if (job.pattern().isPingPong()) {
            long now = System.nanoTime();
            gauge.record(now - begin);
            begin = now;
            acknowledged = received;
        }
        if (acknowledged == job.warmUp()) {
            Future<?> unused = context.executor()
                    .schedule(() -> beginPhase(context, true), Loops.PAUSE_NANOS, TimeUnit.NANOSECONDS);
        } else if (acknowledged == job.total()) {
            gauge.end();
            end.complete(null);
        } else {
            sendMore(context, acknowledged < job.warmUp() ? job.warmUp() : job.total());
        }
    }

    /** Sends what the window allows: one message, unless they go one way. */
    private void sendMore(ChannelHandlerContext context, int to) {
        int window = job.pattern().isPingPong() ? 1 : job.window();
        int batch = job.pattern() == Pattern.BATCHED ? Job.BATCH : 1;
        while (sent < to) {
            int next = (int) Math.min(batch, to - sent);
            if (sent + next - acknowledged > window) {
                return;
            }
            send(context, message(context, next));
        }
    }

    private ByteBuf message(ChannelHandlerContext context, int messages) {
        int bytes = messages * job.bytes();
        ByteBuf buffer = context.alloc().directBuffer(bytes, bytes);
        ByteBuffer memory = buffer.nioBuffer(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < messages; i++) {
            Payload.write(memory, i * job.bytes(), job, sent++);
        }
        return buffer.writerIndex(bytes);
    }

    /** What goes wrong is told to {@link #exceptionCaught}. */
    private static void send(ChannelHandlerContext context, ByteBuf message) {
        ChannelFuture unused = context.writeAndFlush(message, context.voidPromise());
    }
}
