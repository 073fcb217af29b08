package io.shmipc.benchmarks.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.shmipc.benchmarks.job.Gauge;
import io.shmipc.benchmarks.job.Job;
import io.shmipc.benchmarks.job.Pattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Netty's epoll transport over unix domain sockets: one event loop at each end, which also runs the handlers. */
final class NettyTransport implements Transport {

    @Override
    public boolean supports(Job job) {
        return job.pattern() == Pattern.TOUCH
                || job.pattern() == Pattern.FILL
                || job.pattern().isOneWay();
    }

    private static EventLoopGroup oneLoop() {
        return new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    private static void stop(EventLoopGroup group) throws InterruptedException {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private static ChannelInitializer<Channel> with(NettyHandler handler) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(handler);
            }
        };
    }

    @Override
    public Service listen(Job job, Path place, Gauge gauge) throws InterruptedException {
        EventLoopGroup group = oneLoop();
        NettyHandler handler = new NettyHandler(job, gauge, false);
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(with(handler))
                .bind(new DomainSocketAddress(place.toString()))
                .sync()
                .channel();
        return new Service() {
            @Override
            public void run() throws Exception {
                handler.awaitEnd();
            }

            @Override
            public void close() throws Exception {
                server.close().sync();
                stop(group);
                Files.deleteIfExists(place);
            }
        };
    }

    @Override
    public void drive(Job job, Path place, Gauge gauge) throws Exception {
        EventLoopGroup group = oneLoop();
        try {
            NettyHandler handler = new NettyHandler(job, gauge, true);
            Channel channel = new Bootstrap()
                    .group(group)
                    .channel(EpollDomainSocketChannel.class)
                    .handler(with(handler))
                    .connect(new DomainSocketAddress(place.toString()))
                    .sync()
                    .channel();
            handler.awaitEnd();
            channel.close().sync();
        } finally {
            stop(group);
        }
    }
}
