package io.penstock.forwarder.control;

import io.penstock.forwarder.operate.RefusedException;

/** What a drain needs done first, by those who decide where new connections go. Safe from any thread. */
public interface DrainHost {
    /**
     * Makes it the operator's wish that a backend takes no new connections; when this returns, every worker has been told.
     *
     * @throws RefusedException when there is no such backend
     */
    void drainBackend(String pool, String backend) throws RefusedException;

    /** Takes no more clients: what the kernel has queued is accepted, then listeners close. */
    void stopAccepting();
}
