package io.penstock.forwarder.it.adversary;

/**
 * What one peer did and saw, when its script is over.
 *
 * @param sent bytes of the stream that its kernel took, without urgent ones
 * @param urgent urgent bytes that its kernel took
 * @param received bytes of the stream that arrived, each found to be the right one
 * @param endOfStream a receive returned 0 while no call had failed
 * @param reset a call failed because the connection is gone
 * @param drained a receive found the end of what had arrived, whatever that was
 * @param halfClosed whether it ended its stream before it closed
 * @param unread received data that it certainly left unread when it closed, so that close(2) sent a reset
 * @param acknowledged bytes of {@code sent} that the next kernel had acknowledged when it closed, at the least
 */
record Observed(
        Finish finish,
        long sent,
        int urgent,
        long received,
        boolean endOfStream,
        boolean reset,
        boolean drained,
        boolean halfClosed,
        boolean unread,
        long acknowledged) {
    /** How the peer left. */
    enum Finish {
        /** It was never connected. */
        ABSENT,
        CLOSED,
        RESET
    }

    /** Whether its leaving is a reset for this one: asked for, or because something it was sent stayed unread. */
    boolean mayReset(Observed other) {
        return switch (finish) {
            case ABSENT, RESET -> true;
            case CLOSED -> unread || (!endOfStream && other.sent + other.urgent > received);
        };
    }

    /** Whether it told the other side that its stream is whole. */
    boolean endedItsStream() {
        return halfClosed || (finish == Finish.CLOSED && !unread);
    }
}
