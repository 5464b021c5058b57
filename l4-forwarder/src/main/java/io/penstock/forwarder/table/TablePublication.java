package io.penstock.forwarder.table;

/** The one reference through which a table reaches the workers: one store publishes. Safe from any thread. */
public final class TablePublication {
    private volatile ForwardingTable current;

    public TablePublication(ForwardingTable first) {
        current = first;
    }

    public ForwardingTable current() {
        return current;
    }

    public void publish(ForwardingTable table) {
        current = table;
    }
}
