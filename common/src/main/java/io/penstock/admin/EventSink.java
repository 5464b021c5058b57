package io.penstock.admin;

/** Where the events of one stream go, to one client. Safe from any thread; nothing here waits for the client. */
public interface EventSink {
    /**
     * Sends an event, after those before it.
     *
     * @return false when it is not sent, because the client is gone, or is too slow and therefore cut off; the stream has
     *     ended then
     */
    boolean trySend(ServerSentEvent event);

    /**
     * Has an action run when the stream ends, whoever ends it, once, on any thread; at once when it has ended. The action
     * must not block.
     */
    void onClosed(Runnable action);

    /** Ends the stream after what was sent so far. */
    void close();
}
