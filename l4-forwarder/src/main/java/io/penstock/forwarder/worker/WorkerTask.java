package io.penstock.forwarder.worker;

import io.penstock.forwarder.flow.Flows;
import java.util.List;

/** What would hold up a worker's events if it were done at once: a bounded step in each turn, one task after the other. */
interface WorkerTask {
    /**
     * Does a part that takes well under a millisecond; true when it was the last.
     *
     * @param protocols of the worker, TCP first, then UDP
     */
    boolean step(List<Flows> protocols);

    /** Answers whoever waits, as the worker has ended: no connection is left. */
    void abandon();
}
