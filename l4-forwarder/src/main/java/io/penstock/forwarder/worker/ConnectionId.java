package io.penstock.forwarder.worker;

import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;

/**
 * What operators call a connection, or a session: a positive number that no other has while it is open.
 *
 * <pre>
 * | 0 | generation 18 | UDP 1 | slot 24 | worker 10 |
 * </pre>
 *
 * 53 bits, which every reader of JSON keeps: many have doubles only (RFC 8259 section 6). Worker, protocol and slot tell
 * those that are open apart; the generation, used up with each socket of a worker, tells one from those that were in its
 * slot before: one in 2^18 of them had the same number. A reset goes by the token, with all 32 bits.
 */
public final class ConnectionId {
    private static final int WORKER_BITS = 10;
    private static final int SLOT_BITS = 24;
    private static final int UDP_BITS = 1;
    private static final int GENERATION_MASK = (1 << 18) - 1;

    private ConnectionId() {}

    /**
     * Of what one worker finds by this token.
     *
     * @param worker 0 to 1023: as many as a configuration may ask for
     */
    public static long of(int worker, long token) {
        long generation = EventToken.generation(token) & GENERATION_MASK;
        long udp = EventKind.isUdp(EventToken.kind(token)) ? 1 : 0;
        return ((generation << UDP_BITS | udp) << SLOT_BITS | EventToken.slot(token)) << WORKER_BITS | worker;
    }
}
