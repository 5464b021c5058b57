package io.penstock.health;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.penstock.net.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Connects and closes at once with a reset, so that thousands of checks leave no TIME_WAIT behind and a server that
 * accepts late sees no client at all.
 */
final class TcpProbe {
    private final Bootstrap bootstrap;
    private final InetSocketAddress target;

    TcpProbe(EventLoop loop, Endpoint target, Duration timeout) {
        this.target = socketAddress(target);
        bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(Math.max(1, timeout.toMillis())))
                .option(ChannelOption.SO_LINGER, 0)
                .handler(new NothingToDo());
    }

    /** Calls back once, on the event loop: null when the target accepted, else why not. */
    void run(Consumer<Throwable> outcome) {
        ChannelFuture connect = bootstrap.connect(target);
        connect.addListener(done -> connect.channel().close().addListener(closed -> outcome.accept(done.cause())));
    }

    private static InetSocketAddress socketAddress(Endpoint endpoint) {
        boolean ipv4 = endpoint.address().isIpv4();
        ByteBuffer octets = ipv4
                ? ByteBuffer.allocate(4).putInt(endpoint.address().ipv4())
                : ByteBuffer.allocate(16)
                        .putLong(endpoint.address().high())
                        .putLong(endpoint.address().low());
        try {
            return new InetSocketAddress(InetAddress.getByAddress(octets.array()), endpoint.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 octets are addresses", e);
        }
    }

    /** A Bootstrap wants a handler, and one that may serve every probe of a target. */
    private static final class NothingToDo extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {}
    }
}
