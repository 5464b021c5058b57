package io.penstock.forwarder.balance;

/**
 * Places in a circle, each of which belongs to a backend. A hash leads to a place; who cannot have that one's backend goes
 * on from place to place. Immutable; any thread.
 */
interface HashCircle {
    int placeOf(long hash);

    /** An index; there is at least one backend. */
    int backendAt(int place);

    int size();

    /** The place after this one. */
    default int after(int place) {
        return place + 1 == size() ? 0 : place + 1;
    }
}
