package io.penstock.bgp.control;

/**
 * How far what is known of the daemon's table can be relied on: a call that was answered after the table was asked for may have changed it
 * since. Of the agent's thread.
 */
final class Evidence {
    private long answers;
    private long askedAfter;
    private long listedAfter;
    private boolean fresh = true;
    private boolean everListed;
    private boolean lostWithPaths;

    /** The daemon has said what became of a change, or is taken not to say it any more. */
    void onAnswer() {
        answers++;
    }

    /** Its table is asked for. */
    void onListing() {
        askedAfter = answers;
    }

    void onListed() {
        listedAfter = askedAfter;
        fresh = false;
        everListed = true;
        lostWithPaths = false;
    }

    /** @param paths whether it had any of the agent's, as far as was known */
    void onLost(boolean paths) {
        lostWithPaths |= paths;
        fresh = true;
    }

    /** Nobody knows whether a change was made, or will be. */
    void onDoubt() {
        lostWithPaths = true;
    }

    /** Whether its table was not seen yet since the way to it was lost, or ever. */
    boolean isFresh() {
        return fresh;
    }

    /** Whether its table was asked for, and seen, after all that is known to have changed it. */
    boolean isProof() {
        return !fresh && listedAfter == answers;
    }

    /** Whether {@link #isProof} holds as soon as the table that was asked for is there. */
    boolean isAwaited() {
        return askedAfter == answers;
    }

    /** Whether something of the agent's may be in it that was not seen, or was seen last before the way to it was lost. */
    boolean isWanting() {
        return !everListed || lostWithPaths;
    }
}
