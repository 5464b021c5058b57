package io.penstock.forwarder.operate;

import java.util.List;
import java.util.Optional;

/**
 * A running forwarder, as its operator sees it. Safe from any thread; calls wait for the control thread, and those that
 * change something return when every worker has been told. Changes made here differ from the file until they are taken
 * back or the file says the same; a reload keeps them, where what they are of is still there.
 */
public interface Operations {
    /** What is configured, what is up, and what differs from the file. */
    ForwarderStatus status();

    /** Reads the file again and applies it, whole or not at all. */
    ReloadResult reload(String trigger);

    /** Adds a backend that the file does not have. */
    void addBackend(String pool, NewBackend backend) throws RefusedException;

    /** Takes a backend away, the file's own too; connections that are established stay. */
    void removeBackend(String pool, String backend) throws RefusedException;

    /**
     * Sets what the operator wants done with a backend, the weight it has, or both.
     *
     * @param weight 0 to 1000
     */
    void changeBackend(String pool, String backend, Optional<Wish> wish, Optional<Integer> weight)
            throws RefusedException;

    /** Makes a backend what the file says again; one that the file does not have is removed. */
    void resetBackend(String pool, String backend) throws RefusedException;

    /**
     * Closes a service to new clients, or opens it again. Its listeners stay open, so the address stays taken: clients are
     * reset.
     */
    void changeService(String service, boolean enabled) throws RefusedException;

    /** The connections and sessions that a filter has, the oldest first. */
    List<ConnectionView> connections(ConnectionFilter filter, int limit);

    /** Resets connections and closes sessions at once; how many there were. */
    int kill(ConnectionFilter filter);

    /**
     * Begins to end connections, oldest first, at a pace. Of a backend it begins with {@link Wish#DRAIN}. One that is under
     * way for the same is replaced.
     */
    DrainStatus drain(DrainTarget target, DrainPlan plan) throws RefusedException;

    /** Ends a drain where it is; what is left stays. */
    DrainStatus cancelDrain(DrainTarget target) throws RefusedException;

    /** What the operator wants done with a backend. */
    enum Wish {
        READY,
        DRAIN,
        MAINTENANCE
    }
}
