package io.penstock.health;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.penstock.net.Endpoint;
import java.nio.charset.StandardCharsets;

/** One request over HTTP/1.1 (RFC 9112) and its final answer. */
final class HttpDialogue implements Dialogue {
    /** Ten times what servers send; a target that goes on and on costs a probe no more than this. */
    private static final HttpDecoderConfig LIMITS = new HttpDecoderConfig()
            .setMaxInitialLineLength(4 * 1024)
            .setMaxHeaderSize(16 * 1024)
            .setMaxChunkSize(8 * 1024);

    private final Probe.Http http;
    private final byte[] request;

    HttpDialogue(Probe.Http http, Endpoint target) {
        this.http = http;
        String text = http.method() + " " + http.path() + " HTTP/1.1\r\n"
                + "Host: " + http.host().orElse(target.isUnix() ? "localhost" : target.toString()) + "\r\n"
                + "User-Agent: penstock-health\r\n"
                + "Accept: */*\r\n"
                + "Connection: close\r\n\r\n";
        request = text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void begin(StreamAttempt stream) {
        stream.await("answer");
        stream.listen(new Decoder(http.method().equals("HEAD")));
        stream.listen(new Answer(stream, http));
        stream.send(request);
    }

    /** Knows that an answer to HEAD has no body, whatever its headers say. */
    private static final class Decoder extends HttpResponseDecoder {
        private final boolean toHead;

        Decoder(boolean toHead) {
            super(LIMITS);
            this.toHead = toHead;
        }

        @Override
        protected boolean isContentAlwaysEmpty(HttpMessage message) {
            return toHead || super.isContentAlwaysEmpty(message);
        }
    }

    private static final class Answer extends SimpleChannelInboundHandler<HttpObject> {
        private final StreamAttempt stream;
        private final Probe.Http http;
        private String status = "";
        private ExpectationReader body;

        Answer(StreamAttempt stream, Probe.Http http) {
            this.stream = stream;
            this.http = http;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part.decoderResult().isFailure()) {
                stream.fail("not HTTP: " + Evidence.of(part.decoderResult().cause()));
                return;
            }
            if (part instanceof HttpResponse response) {
                onResponse(response);
            }
            if (body != null && part instanceof HttpContent content) {
                onBody(content.content(), part instanceof LastHttpContent);
            }
        }

        private void onResponse(HttpResponse response) {
            if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                return;
            }
            int code = response.status().code();
            status = "HTTP status " + code;
            if (http.statuses().stream().noneMatch(range -> range.contains(code))) {
                stream.fail(status);
            } else if (http.body().isEmpty()) {
                stream.succeed(status);
            } else {
                stream.await("expected body");
                body = new ExpectationReader(
                        stream.channel().eventLoop(),
                        http.body().get(),
                        () -> stream.succeed(status + " and the expected body"));
            }
        }

        private void onBody(ByteBuf piece, boolean last) {
            body.read(piece);
            if ((last || body.isFull()) && !body.end()) {
                stream.fail(status + ", but not the expected body" + (body.isFull() ? " in its first 64 KiB" : ""));
            }
        }
    }
}
