package io.penstock.forwarder.worker;

import io.penstock.forwarder.event.EventToken;

/**
 * What operators call a connection: a positive number that no other has while it is open.
 *
 * <pre>
 * | 0 | generation 19 | slot 24 | worker 10 |
 * </pre>
 *
 * 53 bits, which every reader of JSON keeps: many have doubles only (RFC 8259 section 6). Worker and slot tell open
 * connections apart; the generation, used up with each socket of a worker, tells one from those that were in its slot
 * before: one in 2^19 of them had the same number. A reset goes by the token, with all 32 bits.
 */
public final class ConnectionId {
    private static final int WORKER_BITS = 10;
    private static final int SLOT_BITS = 24;
    private static final int GENERATION_MASK = (1 << 19) - 1;

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
