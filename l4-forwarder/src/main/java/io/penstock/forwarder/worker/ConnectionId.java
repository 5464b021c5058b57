package io.penstock.forwarder.worker;

import io.penstock.forwarder.event.EventToken;

/**
 * What operators call a connection: a positive number that no other has while it is open.
 *
 * <pre>
 * | 0 | generation 29 | slot 24 | worker 10 |
 * </pre>
 *
 * A generation is used up with each socket of a worker, so the same number is another connection's after 2^29 sockets at
 * the earliest. A reset goes by the token, with all 32 bits.
 */
public final class ConnectionId {
    private static final int WORKER_BITS = 10;
    private static final int SLOT_BITS = 24;
    private static final int GENERATION_MASK = (1 << 29) - 1;

    private ConnectionId() {}

    /**
     * Of the connection that one worker finds by this token.
     *
     * @param worker 0 to 1023: as many as a configuration may ask for
     */
    public static long of(int worker, long token) {
        long generation = EventToken.generation(token) & GENERATION_MASK;
        return (generation << SLOT_BITS | EventToken.slot(token)) << WORKER_BITS | worker;
    }
}
