package io.penstock.perf.load;

/** What a workload hears of its connections. */
public interface ClientListener {
    /** A whole response came, and every byte looked at was right. The connection may be closed or used again at once. */
    void onResponse(ClientConnection connection, long intendedNs, int bytes);

    /**
     * The connection ended otherwise than by {@link ClientConnection#close}, and is closed.
     *
     * @param reason for people
     * @param lost requests without a response
     */
    void onFailure(ClientConnection connection, String reason, int lost);
}
