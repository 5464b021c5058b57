package io.penstock.health;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.penstock.health.HealthCheck.ProxyHeader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Consumer;

/**
 * One connection to a target, from the connect to the one result. Owns the channel, and is its last handler: what no
 * other handled is an end without an answer. Closes with a reset, so that thousands of checks leave no TIME_WAIT behind
 * and a server that accepts late sees no client at all. On the event loop.
 */
final class StreamAttempt extends ChannelInboundHandlerAdapter {
    private static final String NAME = "attempt";

    private final Route route;
    private final ProxyHeader proxyHeader;
    private final Dialogue dialogue;
    private final Consumer<ProbeResult> done;
    private Deadline deadline;
    private Channel channel;
    private String awaited = "connection";
    private boolean over;

    StreamAttempt(Route route, ProxyHeader proxyHeader, Dialogue dialogue, Consumer<ProbeResult> done) {
        this.route = route;
        this.proxyHeader = proxyHeader;
        this.dialogue = dialogue;
        this.done = done;
    }

    void start(EventLoop loop, long timeoutNs) {
        Channel stream;
        try {
            stream = route.isUnix() ? new EpollDomainSocketChannel() : new EpollSocketChannel();
        } catch (ChannelException e) {
            over = true;
            done.accept(ProbeResult.noVerdict(Evidence.of(e)));
            return;
        }
        channel = stream;
        try {
            route.mark(stream);
        } catch (ChannelException e) {
            over = true;
            stream.unsafe().closeForcibly();
            done.accept(ProbeResult.noVerdict("SO_MARK: " + Evidence.of(e)));
            return;
        }
        // Nothing is read until somebody listens.
        stream.config().setAutoRead(false).setConnectTimeoutMillis(0);
        if (!route.isUnix()) {
            stream.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        stream.pipeline().addLast(NAME, this);
        deadline =
                new Deadline(loop, timeoutNs, () -> fail("no " + awaited + " within " + timeoutNs / 1_000_000 + " ms"));
        loop.register(stream).addListener(registered -> {
            if (registered.isSuccess()) {
                stream.connect(route.target(), route.source()).addListener(connected -> {
                    if (!connected.isSuccess()) {
                        onFailed(connected.cause());
                    }
                });
            } else {
                finish(ProbeResult.noVerdict(Evidence.of(registered.cause())));
            }
        });
    }

    SocketAddress target() {
        return route.target();
    }

    Channel channel() {
        return channel;
    }

    /** What a timeout from here on is the lack of. */
    void await(String what) {
        awaited = what;
    }

    /** The next handler of what comes in, after those before; from now on is read. */
    void listen(ChannelHandler handler) {
        channel.pipeline().addBefore(NAME, null, handler);
        channel.config().setAutoRead(true);
    }

    /** Sends these octets, if there are any. They are not copied: nobody may change them. */
    void send(byte[] octets) {
        send(octets, () -> {});
    }

    void send(byte[] octets, Runnable onSent) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(octets)).addListener(sent -> {
            if (sent.isSuccess()) {
                onSent.run();
            } else {
                onFailed(sent.cause());
            }
        });
    }

    void succeed(String evidence) {
        finish(ProbeResult.success(evidence));
    }

    void fail(String evidence) {
        finish(ProbeResult.failure(evidence));
    }

    /** This host cannot go on. */
    void giveUp(String evidence) {
        finish(ProbeResult.noVerdict(evidence));
    }

    /** Ends without a result, and whatever is still being said after one. */
    void abandon() {
        if (!over) {
            over = true;
            deadline.cancel();
        }
        if (channel != null && channel.isOpen()) {
            // Not through the handlers, of which that of TLS would take its time.
            channel.unsafe().close(channel.unsafe().voidPromise());
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!route.isUnix() && channel.remoteAddress() == null) {
            fail("connection closed by the target");
        } else if (!route.isUnix() && channel.remoteAddress().equals(channel.localAddress())) {
            // On one host, a connect to a port that nobody listens on can be given that very port as its own and reach
            // itself (RFC 9293 section 3.5, simultaneous open). That is no server.
            fail("connected to itself: nobody listens");
        } else {
            if (proxyHeader != ProxyHeader.NONE) {
                sendProxyHeader();
            }
            dialogue.begin(this);
        }
    }

    private void sendProxyHeader() {
        send(
                route.target() instanceof InetSocketAddress target
                        ? ProxyProtocol.ownConnection(proxyHeader, (InetSocketAddress) channel.localAddress(), target)
                        : ProxyProtocol.unixConnection(proxyHeader));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail("connection closed before the " + awaited);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        onFailed(cause);
    }

    private void onFailed(Throwable cause) {
        finish(Evidence.result(cause, route));
    }

    private void finish(ProbeResult result) {
        if (!over) {
            over = true;
            deadline.cancel();
            if (channel.isRegistered()) {
                // Before this returns; over TLS after its close_notify.
                var unused = channel.close();
            } else {
                channel.unsafe().closeForcibly();
            }
            done.accept(result);
        }
    }
}
