package io.shmipc.benchmarks.transport;

import io.shmipc.benchmarks.job.Gauge;
import io.shmipc.benchmarks.job.Job;
import io.shmipc.benchmarks.job.Pattern;
import io.shmipc.benchmarks.job.Payload;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The JDK's blocking channels over unix domain sockets. */
final class SocketTransport implements Transport {

    /** Most bytes that a read asks for when small messages come one way. */
    private static final int READ_AHEAD_BYTES = 64 << 10;

    @Override
    public boolean supports(Job job) {
        return job.pattern().isPingPong() || job.pattern().isOneWay();
    }

    @Override
    public Service listen(Job job, Path place, Gauge gauge) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(place));
        return new Service() {
            @Override
            public void run() throws Exception {
                // Closed by the client first: what is closed here is only this end.
                try (ChannelLink link = new ChannelLink(server.accept(), job)) {
                    Loops.serve(link, job, gauge);
                }
            }

            @Override
            public void close() throws IOException {
                server.close();
                Files.deleteIfExists(place);
            }
        };
    }

    @Override
    public void drive(Job job, Path place, Gauge gauge) throws Exception {
        try (ChannelLink link = new ChannelLink(SocketChannel.open(UnixDomainSocketAddress.of(place)), job)) {
            Loops.drive(link, job, gauge);
        }
    }

    private static final class ChannelLink implements Link {

        private final SocketChannel channel;
        private final Job job;
        private final ByteBuffer output;
        private final ByteBuffer input;
        private final ByteBuffer acknowledgement = buffer(Long.BYTES);

        ChannelLink(SocketChannel channel, Job job) {
            this.channel = channel;
            this.job = job;
            int batch = job.pattern() == Pattern.BATCHED ? Job.BATCH : 1;
            this.output = buffer(batch * job.bytes());
            int ahead = job.pattern().isOneWay() ? Math.max(1, READ_AHEAD_BYTES / job.bytes()) : 1;
            this.input = buffer(ahead * job.bytes());
            input.limit(0);
        }

        private static ByteBuffer buffer(int bytes) {
            return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void put(long number) {
            Payload.write(output, output.position(), job, number);
            output.position(output.position() + job.bytes());
        }

        @Override
        public void flush() throws IOException {
            output.flip();
            writeAll(output);
            output.clear();
        }

        private void writeAll(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        @Override
        public void receive(long number) throws IOException {
            if (input.remaining() < job.bytes()) {
                input.compact();
                read(input, job.bytes());
                input.flip();
            }
            Payload.check(input, input.position(), job, number);
            input.position(input.position() + job.bytes());
        }

        private void read(ByteBuffer target, int atLeast) throws IOException {
            while (target.position() < atLeast) {
                if (channel.read(target) < 0) {
                    throw new EOFException("the other process closed its socket");
                }
            }
        }

        @Override
        public void acknowledge(long had) throws IOException {
            acknowledgement.clear().putLong(0, had);
            writeAll(acknowledgement);
        }

        @Override
        public long awaitAcknowledgement() throws IOException {
            read(acknowledgement.clear(), Long.BYTES);
            return acknowledgement.getLong(0);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
