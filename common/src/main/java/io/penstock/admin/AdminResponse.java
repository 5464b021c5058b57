package io.penstock.admin;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One answer: a body that is whole, or a stream of events. */
public final class AdminResponse {
    static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String EVENTS = "text/event-stream";

    private final int status;
    private final String contentType;
    private final ByteBuf body;
    private final Optional<StreamHandler> stream;

    private AdminResponse(int status, String contentType, ByteBuf body, Optional<StreamHandler> stream) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.stream = stream;
    }

    /**
     * A body of any kind.
     *
     * @param status of HTTP
     * @param body not changed from now on
     */
    public static AdminResponse of(int status, String contentType, byte[] body) {
        return of(status, contentType, Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(body)));
    }

    /** The same; the body is released once the answer is sent, which it can be once. */
    static AdminResponse of(int status, String contentType, ByteBuf body) {
        return new AdminResponse(status, contentType, body, Optional.empty());
    }

    public static AdminResponse json(JsonElement value) {
        return json(HttpResponseStatus.OK.code(), value);
    }

    public static AdminResponse json(int status, JsonElement value) {
        return of(status, JSON, Json.text(value).getBytes(StandardCharsets.UTF_8));
    }

    public static AdminResponse text(int status, String line) {
        return of(status, TEXT, (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Done, and there is nothing to say. */
    public static AdminResponse done() {
        return of(HttpResponseStatus.NO_CONTENT.code(), "", new byte[0]);
    }

    /** Server-sent events, for as long as the handler, the client and the server want. */
    public static AdminResponse stream(StreamHandler handler) {
        return new AdminResponse(HttpResponseStatus.OK.code(), EVENTS, Unpooled.EMPTY_BUFFER, Optional.of(handler));
    }

    /** {@code {"error": "..."}}, as all errors are. */
    static AdminResponse error(int status, String message) {
        JsonObject error = new JsonObject();
        error.addProperty("error", message);
        return json(status, error);
    }

    /** Of HTTP. */
    public int status() {
        return status;
    }

    /** Empty when there is no body. */
    public String contentType() {
        return contentType;
    }

    /** A copy; empty for a stream. */
    public byte[] body() {
        return ByteBufUtil.getBytes(body);
    }

    /** For the one who sends it, to be released. */
    ByteBuf content() {
        return body.duplicate();
    }

    Optional<StreamHandler> stream() {
        return stream;
    }
}
