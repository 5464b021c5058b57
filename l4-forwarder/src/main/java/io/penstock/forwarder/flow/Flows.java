package io.penstock.forwarder.flow;

/**
 * What one protocol of a worker has open, TCP connections or UDP sessions, each in a slot and known by its event token.
 * NOT thread safe: the worker's own.
 */
public interface Flows {
    /** Everything open stands in a slot below this, and some slots are free. */
    int slots();

    /** What there is to know of the one in a slot; false when it is free. */
    boolean tryDescribe(int slot, ConnectionDetails details);

    /** Ends one for a drain; false when the one that had this token is gone. */
    boolean tryDrain(long token);

    /** Ends one at the operator's word; false when the one that had this token is gone. */
    boolean tryKill(long token);
}
