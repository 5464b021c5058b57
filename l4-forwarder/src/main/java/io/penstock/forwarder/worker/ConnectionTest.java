package io.penstock.forwarder.worker;

/** Whether a connection is meant. Asked on the worker's thread, once for each that is open. */
public interface ConnectionTest {
    /**
     * Whether the last one of those listed so far is.
     *
     * @param index its place
     */
    boolean fits(ConnectionList connections, int index);
}
