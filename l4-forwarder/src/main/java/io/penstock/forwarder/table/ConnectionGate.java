package io.penstock.forwarder.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many connections are open behind a limit, over all workers, and which listeners wait for room. Lives over all tables;
 * the limit may change from one to the next. Safe from any thread, without locks.
 */
public final class ConnectionGate {
    private static final VarHandle OPEN;

    static {
        try {
            OPEN = MethodHandles.lookup().findVarHandle(ConnectionGate.class, "open", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PoolQueue queue = new PoolQueue(Integer.MAX_VALUE, 0);
    private volatile int open;

    /** Counts one more, if there is room for it; {@link #leave} follows. */
    boolean tryEnter(int limit) {
        int before = open;
        while (before < limit) {
            int found = (int) OPEN.compareAndExchange(this, before, before + 1);
            if (found == before) {
                return true;
            }
            before = found;
        }
        return false;
    }

    /** Counts one more that is there already, whatever the limit; {@link #leave} follows. */
    void enter() {
        OPEN.getAndAdd(this, 1);
    }

    /** One fewer; whoever calls this tells the {@link #queue} of the room. */
    void leave() {
        OPEN.getAndAdd(this, -1);
    }

    public int open() {
        return open;
    }

    /** Where listeners wait, each as one. */
    public PoolQueue queue() {
        return queue;
    }
}
