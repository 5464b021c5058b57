package io.penstock.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;

/** Counts peers with whom no TLS came about. On the event loop. */
final class TlsWatch extends ChannelInboundHandlerAdapter {
    private final Gate gate;

    TlsWatch(Gate gate) {
        this.gate = gate;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // Who connects and goes again, a check of a port for one, was refused nothing.
        if (event instanceof SslHandshakeCompletionEvent handshake
                && !handshake.isSuccess()
                && !(handshake.cause() instanceof ClosedChannelException)) {
            gate.count(AdminRefusal.TLS_HANDSHAKE);
        }
        context.fireUserEventTriggered(event);
    }
}
