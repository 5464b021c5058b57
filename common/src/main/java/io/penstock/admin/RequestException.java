package io.penstock.admin;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request that is not answered as hoped; the message, for its sender, says why. */
public final class RequestException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * An answer of this status.
     *
     * @param status of HTTP, 400 to 599
     */
    public RequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    public static RequestException badRequest(String message) {
        return new RequestException(HttpResponseStatus.BAD_REQUEST.code(), message);
    }

    public static RequestException notFound(String message) {
        return new RequestException(HttpResponseStatus.NOT_FOUND.code(), message);
    }

    public int status() {
        return status;
    }
}
