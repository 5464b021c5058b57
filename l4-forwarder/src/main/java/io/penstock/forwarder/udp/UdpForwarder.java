package io.penstock.forwarder.udp;

import io.penstock.forwarder.event.Epoll;
import io.penstock.forwarder.flow.ConnectionDetails;
import io.penstock.forwarder.flow.Flows;
import io.penstock.forwarder.flow.ListenerChange;
import io.penstock.forwarder.flow.ServiceCounts;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.linux.Syscalls;
import io.penstock.metrics.Counters;

/**
 * One worker's UDP. NOT thread safe: the worker's own.
 */
public final class UdpForwarder implements Flows, AutoCloseable {
    private final Counters<UdpCounter> counters = new Counters<>(UdpCounter.class);
    private int open;

    /**
     * Listens to nothing yet.
     *
     * @param services what is counted of each service, TCP's and UDP's alike
     * @param limit of the sessions of all workers
     */
    public UdpForwarder(
            Syscalls syscalls,
            Epoll epoll,
            ForwardingTable table,
            ServiceCounts services,
            SessionLimit limit,
            long nowNs) {}

    /** Reads what clients send from now on. 0 or {@code -errno}. */
    public int startAccepting() {
        return 0;
    }

    /** Other sockets from now on; with one that is closed its sessions end. */
    public void changeListeners(ListenerChange change) {}

    /** Opens no more sessions; those that are open go on until they are idle or complete. */
    public void stopAccepting() {}

    /** The table and the time that this turn of the loop goes by. */
    public void onTurn(ForwardingTable table, long nowNs) {}

    /** One event of a socket of this module. */
    public void onEvent(long token, int events) {}

    /** Ends a turn, after all of its events: sends the replies that were gathered, and serves newcomers. */
    public void finishTurn() {}

    /** Deadlines that have come. */
    public void expire() {}

    /** How long the worker may sleep: negative for ever, 0 when something waits for the next turn. */
    public long waitNs() {
        return -1;
    }

    public int openSessions() {
        return open;
    }

    public Counters<UdpCounter> counters() {
        return counters;
    }

    @Override
    public int slots() {
        return 0;
    }

    @Override
    public boolean tryDescribe(int slot, ConnectionDetails details) {
        return false;
    }

    @Override
    public boolean tryDrain(long token) {
        return false;
    }

    @Override
    public boolean tryKill(long token) {
        return false;
    }

    /** Ends whatever is still open. */
    @Override
    public void close() {}
}
