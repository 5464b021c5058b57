package io.penstock.forwarder.table;

/** A member of a pool, whether it has a place in the pool's table or not. */
public record PacketBackend(Backend backend, State state) {
    /** What becomes of its packets. */
    public enum State {
        /** It takes new flows, as the pool's table says. */
        UP,

        /** It keeps the flows that it has. */
        DRAINING,

        /** Its flows go to others. */
        DOWN
    }
}
