package io.penstock.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.penstock.admin.AdminClient.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A stream of events as its client gets it, or the refusal of one. On the client's event loop. */
final class StreamAnswer extends SimpleChannelInboundHandler<HttpObject> {
    /** Three heartbeats of the server. */
    private static final int MAX_SILENCE_SECONDS = 45;

    private static final int MAX_REFUSAL_OCTETS = 1 << 16;
    private static final int OK = 200;

    private final CompletableFuture<Integer> begun = new CompletableFuture<>();
    private final CompletableFuture<Reply> ended = new CompletableFuture<>();
    private final EventStreamParser events;
    private final ByteArrayOutputStream refusal = new ByteArrayOutputStream();
    private int status;

    StreamAnswer(Consumer<ServerSentEvent> consumer) {
        events = new EventStreamParser(consumer);
    }

    /** The status of the answer, as soon as it is there. */
    CompletableFuture<Integer> begun() {
        return begun;
    }

    /** Without a body after a stream, else with what the refusal says. */
    CompletableFuture<Reply> ended() {
        return ended;
    }

    void fail(Throwable cause) {
        begun.completeExceptionally(cause);
        ended.completeExceptionally(cause);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) throws IOException {
        if (part.decoderResult().isFailure()) {
            throw new IOException("it does not speak HTTP");
        }
        if (part instanceof HttpResponse response) {
            status = response.status().code();
            if (status == OK) {
                context.pipeline().addFirst(new ReadTimeoutHandler(MAX_SILENCE_SECONDS));
            }
            begun.complete(status);
        }
        if (part instanceof HttpContent content) {
            if (status == OK) {
                events.read(content.content());
            } else if (refusal.size() + content.content().readableBytes() <= MAX_REFUSAL_OCTETS) {
                content.content().readBytes(refusal, content.content().readableBytes());
            }
        }
        if (part instanceof LastHttpContent) {
            ended.complete(new Reply(status, refusal.toString(StandardCharsets.UTF_8)));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(new IOException("it closed the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(
                cause instanceof ReadTimeoutException
                        ? new IOException("it has been silent for " + MAX_SILENCE_SECONDS + " s")
                        : cause);
        var unused = context.close();
    }
}
