package io.penstock.admin;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * One answer.
 *
 * @param status of HTTP
 * @param contentType empty when there is no body
 */
public record AdminResponse(int status, String contentType, String body) {
    static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    public static AdminResponse json(JsonElement value) {
        return json(HttpResponseStatus.OK.code(), value);
    }

    public static AdminResponse json(int status, JsonElement value) {
        return new AdminResponse(status, JSON, Json.text(value));
    }

    public static AdminResponse text(int status, String line) {
        return new AdminResponse(status, TEXT, line + "\n");
    }

    /** Done, and there is nothing to say. */
    public static AdminResponse done() {
        return new AdminResponse(HttpResponseStatus.NO_CONTENT.code(), "", "");
    }

    /** {@code {"error": "..."}}, as all errors are. */
    static AdminResponse error(int status, String message) {
        JsonObject error = new JsonObject();
        error.addProperty("error", message);
        return json(status, error);
    }
}
