package io.penstock.admin;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the time that a peer can hold a connection, phase by phase, whatever it does meanwhile: an octet now and then
 * buys none. The first handler of a connection but for TLS, which bounds its handshake itself. On the event loop.
 *
 * <pre>
 *   IDLE -- first octet --> RECEIVING -- request --> WORKING -- answer --> SENDING -- sent --> IDLE
 *                                \______ refused ________________________/     \-- last --> CLOSING
 *                                            WORKING -- stream --> STREAMING -- its end --> SENDING
 * </pre>
 */
final class ConnectionClock extends ChannelInboundHandlerAdapter {
    enum Phase {
        /** Between two requests: longer than the usual interval of scrapes would only hold a place. */
        IDLE(30),
        /** From the first octet of a request to its last. */
        RECEIVING(10),
        /** A handler has it, and takes what it takes. */
        WORKING(0),
        /** Until the kernel has all of the answer. */
        SENDING(30),
        /** A stream of events, which lasts; what the peer still sends is dropped, and its end is seen. */
        STREAMING(0),
        /** The answer is out; what the peer still sends is dropped, so that no reset overtakes the answer. */
        CLOSING(2);

        private final int seconds;

        Phase(int seconds) {
            this.seconds = seconds;
        }
    }

    private Phase phase = Phase.IDLE;
    private ChannelHandlerContext context;
    private Future<?> alarm;

    Phase phase() {
        return phase;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        enter(Phase.IDLE);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object octets) {
        if (isDeaf()) {
            ReferenceCountUtil.release(octets);
            return;
        }
        if (phase == Phase.IDLE) {
            enter(Phase.RECEIVING);
        }
        context.fireChannelRead(octets);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!isDeaf()) {
            context.fireChannelReadComplete();
        }
        // Until there is a whole request, and then no more before its answer is out.
        if (phase != Phase.WORKING && phase != Phase.SENDING) {
            context.read();
        }
    }

    private boolean isDeaf() {
        return phase == Phase.CLOSING || phase == Phase.STREAMING;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancelAlarm();
        context.fireChannelInactive();
    }

    void enter(Phase next) {
        cancelAlarm();
        phase = next;
        if (next.seconds > 0 && context.channel().isActive()) {
            alarm = context.executor().schedule(this::close, next.seconds, TimeUnit.SECONDS);
        }
    }

    private void close() {
        var unused = context.close();
    }

    private void cancelAlarm() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    /** What follows an answer that is the connection's last. */
    void closeAfter(ChannelFuture answer) {
        enter(Phase.SENDING);
        answer.addListener(sent -> {
            if (sent.isSuccess() && context.channel() instanceof DuplexChannel channel) {
                enter(Phase.CLOSING);
                closeTls();
                var unused = channel.shutdownOutput();
                context.read();
            } else {
                close();
            }
        });
    }

    /** So that the peer can tell this end from one that somebody else brought about (RFC 8446 section 6.1). */
    private void closeTls() {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls != null) {
            var unused = tls.closeOutbound();
        }
    }
}
