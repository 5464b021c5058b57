package io.penstock.forwarder.table;

/**
 * How many connections may be open at once.
 *
 * @param gate where they are counted; the same in every table
 * @param max at least 1
 */
public record ConnectionLimit(ConnectionGate gate, int max) {
    boolean tryEnter() {
        return gate.tryEnter(max);
    }

    boolean hasRoom() {
        return gate.open() < max;
    }
}
