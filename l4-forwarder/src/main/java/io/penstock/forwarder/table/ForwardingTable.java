package io.penstock.forwarder.table;

import java.util.List;

/**
 * Everything a worker needs to place a connection: configuration and health of one moment. Immutable; a worker loads
 * it once per turn of its loop.
 */
public final class ForwardingTable {
    private final long version;
    private final Service[] services;

    /** Versions grow by one with each table published. */
    public ForwardingTable(long version, List<Service> services) {
        this.version = version;
        this.services = services.toArray(new Service[0]);
    }

    public long version() {
        return version;
    }

    /** By the index that the service's listeners carry. */
    public Service service(int index) {
        return services[index];
    }
}
