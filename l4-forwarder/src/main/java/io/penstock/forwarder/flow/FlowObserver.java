package io.penstock.forwarder.flow;

/** Is told of each connection and session that ends, on its worker's thread; must neither block nor allocate. */
public interface FlowObserver {
    FlowObserver NONE = end -> {};

    /** @param end filled in again for the next, so it is read before this returns */
    void onEnded(FlowEnd end);
}
