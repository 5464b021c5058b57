package io.penstock.perf.health;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Listening sockets on loopback that answer whatever comes as an HTTP server would; on one thread of their own. */
final class AnsweringServers implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<Integer> ports = new ArrayList<>();

    AnsweringServers(int count) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new Answer());
        for (int i = 0; i < count; i++) {
            Channel server = bootstrap
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .syncUninterruptibly()
                    .channel();
            ports.add(((InetSocketAddress) server.localAddress()).getPort());
        }
    }

    List<Integer> ports() {
        return ports;
    }

    @Override
    public void close() {
        group.shutdownGracefully().syncUninterruptibly();
    }

    @Sharable
    private static final class Answer extends SimpleChannelInboundHandler<ByteBuf> {
        private static final byte[] RESPONSE = """
                HTTP/1.1 200 OK\r
                Server: perf\r
                Content-Type: text/plain\r
                Content-Length: 3\r
                Connection: close\r
                \r
                ok
                """.getBytes(StandardCharsets.US_ASCII);

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf request) {
            var unused = context.writeAndFlush(Unpooled.wrappedBuffer(RESPONSE), context.voidPromise());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable reset) {
            var unused = context.close();
        }
    }
}
