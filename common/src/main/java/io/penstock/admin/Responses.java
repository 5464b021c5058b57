package io.penstock.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/** Answers as HTTP/1.1 has them. */
final class Responses {
    private Responses() {}

    /** @param withBody false for HEAD: the length stays what GET would have */
    static FullHttpResponse of(AdminResponse answer, boolean withBody, boolean keepAlive) {
        ByteBuf body = answer.content();
        int length = body.readableBytes();
        if (!withBody) {
            body.release();
        }
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                withBody ? body : Unpooled.EMPTY_BUFFER);
        setHeaders(response.headers(), answer, keepAlive);
        if (!answer.contentType().isEmpty()) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
        }
        return response;
    }

    /** The last of its connection; what it consists of follows. */
    static HttpResponse streamHead(AdminResponse answer, HttpVersion asked) {
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
        setHeaders(response.headers(), answer, false);
        // HTTP/1.0 knows no chunks: there the end of the connection is the end of the stream.
        HttpUtil.setTransferEncodingChunked(response, asked.equals(HttpVersion.HTTP_1_1));
        return response;
    }

    private static void setHeaders(HttpHeaders headers, AdminResponse answer, boolean keepAlive) {
        if (!answer.contentType().isEmpty()) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        }
        // What is true now; and no browser is to take it for anything else than what it is.
        headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        headers.set("x-content-type-options", "nosniff");
        headers.set(HttpHeaderNames.CONNECTION, keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
    }

    /** The last of its connection. */
    static FullHttpResponse closing(AdminResponse answer) {
        return of(answer, true, false);
    }
}
