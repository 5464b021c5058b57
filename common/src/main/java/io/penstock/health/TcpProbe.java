package io.penstock.health;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.penstock.net.Endpoint;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Connects and closes at once with a reset, so that thousands of checks leave no TIME_WAIT behind and a server that
 * accepts late sees no client at all.
 */
final class TcpProbe {
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final InetSocketAddress target;

    TcpProbe(EventLoop loop, Endpoint target, Duration timeout) {
        this.loop = loop;
        this.target = socketAddress(target);
        bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(Math.max(1, timeout.toMillis())))
                .option(ChannelOption.SO_LINGER, 0)
                .handler(new Nothing());
    }

    /** Calls back once, on the event loop. */
    void run(Outcome outcome) {
        ChannelFuture connect = bootstrap.connect(target);
        connect.addListener(done -> {
            Channel channel = connect.channel();
            if (channel.isRegistered()) {
                Throwable failure = done.isSuccess() ? selfConnect(channel) : done.cause();
                channel.close().addListener(closed -> report(failure, outcome));
            } else {
                // No descriptor left, say: there is no channel to close, and Netty calls on a thread of its own.
                loop.execute(outcome::onNoVerdict);
            }
        });
    }

    private static void report(Throwable failure, Outcome outcome) {
        if (failure == null) {
            outcome.onConnected();
        } else {
            String message = failure.getMessage();
            outcome.onFailed(message == null ? failure.getClass().getSimpleName() : message.replace('\n', ' '));
        }
    }

    /**
     * On one host, a connect to a port that nobody listens on can be given that very port as its own and reach itself
     * (RFC 9293 section 3.5, simultaneous open). That is no server.
     */
    private static Throwable selfConnect(Channel channel) {
        return channel.remoteAddress().equals(channel.localAddress())
                ? new ConnectException("connected to itself: nobody listens")
                : null;
    }

    /** What a probe found. */
    interface Outcome {
        void onConnected();

        void onFailed(String reason);

        /** This host could not even try; that says nothing about the target. */
        void onNoVerdict();
    }

    /** A bootstrap wants a handler, and adds one that is not sharable to its first channel only. */
    @Sharable
    private static final class Nothing extends ChannelInboundHandlerAdapter {}

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
}
