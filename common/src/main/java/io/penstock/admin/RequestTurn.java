package io.penstock.admin;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.penstock.admin.Answering.Answer;
import io.penstock.admin.ConnectionClock.Phase;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * One request after the other: the next waits until the answer to this one is out, in the kernel but for those that came
 * with the same read. The last handler of a connection; on its event loop.
 *
 * <p>Not Netty's FlowControlHandler, which from 4.2.15 on forgets reads that were asked for while a request is still being
 * put together (netty issue 17050).
 */
final class RequestTurn extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** Of one peer that does not wait for answers. */
    private static final int MAX_WAITING = 64;

    private final Answering answering;
    private final ConnectionClock clock;
    private final Queue<FullHttpRequest> waiting = new ArrayDeque<>();
    private boolean busy;
    private Optional<EventStream> stream = Optional.empty();

    RequestTurn(Answering answering, ConnectionClock clock) {
        this.answering = answering;
        this.clock = clock;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.read();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (!busy) {
            begin(context, request);
        } else if (waiting.size() < MAX_WAITING) {
            waiting.add(request.retain());
        } else {
            close(context);
        }
    }

    private void begin(ChannelHandlerContext context, FullHttpRequest request) {
        busy = true;
        clock.enter(Phase.WORKING);
        boolean head = request.method().equals(HttpMethod.HEAD);
        boolean keepAlive =
                HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
        HttpVersion version = request.protocolVersion();
        answering.answer(
                request, isCertified(context), answer -> context.executor().execute(() -> answer.stream()
                        .ifPresentOrElse(
                                events -> stream(context, answer, events, version),
                                () -> send(context, answer, head, keepAlive))));
    }

    /** It has the connection to itself from now on. */
    private void stream(ChannelHandlerContext context, Answer answer, EventStream events, HttpVersion version) {
        dropWaiting();
        stream = Optional.of(events);
        clock.enter(Phase.STREAMING);
        context.writeAndFlush(Responses.streamHead(answer.response(), version)).addListener(sent -> {
            if (!sent.isSuccess()) {
                events.abort();
            }
        });
        events.begin(context, clock);
        context.read();
    }

    /** Of the peers of a server that asks for no certificates none is. */
    private static boolean isCertified(ChannelHandlerContext context) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        try {
            return tls != null && tls.engine().getSession().getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException none) {
            return false;
        }
    }

    private void send(ChannelHandlerContext context, Answer answer, boolean head, boolean wantsMore) {
        boolean keepAlive = wantsMore && !answering.isStopping();
        FullHttpResponse response = Responses.of(answer.response(), !head, keepAlive);
        answer.headers().forEach(response.headers()::set);
        ChannelFuture sent = context.writeAndFlush(response);
        if (!keepAlive) {
            clock.closeAfter(sent);
            return;
        }
        clock.enter(Phase.SENDING);
        sent.addListener(done -> {
            if (done.isSuccess()) {
                next(context);
            } else {
                close(context);
            }
        });
    }

    private void next(ChannelHandlerContext context) {
        busy = false;
        FullHttpRequest request = waiting.poll();
        if (request == null) {
            clock.enter(Phase.IDLE);
            context.read();
            return;
        }
        try {
            begin(context, request);
        } finally {
            request.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        dropWaiting();
        stream.ifPresent(EventStream::abort);
    }

    private void dropWaiting() {
        waiting.forEach(FullHttpRequest::release);
        waiting.clear();
    }

    /** A peer that resets, or says what is no HTTP at all: there is nobody to tell. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        close(context);
    }

    private static void close(ChannelHandlerContext context) {
        var unused = context.close();
    }
}
