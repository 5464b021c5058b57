package io.penstock.admin;

/** Answers the requests of one route by a stream of events. Called on a thread that may block; several may be called at a time. */
public interface StreamHandler {
    /**
     * Hands the stream to whoever has events, and returns: it stays open until somebody closes it.
     *
     * @throws RequestException to be answered with its status and message, and no stream; events sent before are lost
     */
    void open(AdminRequest request, EventSink sink) throws RequestException;
}
