package io.penstock.forwarder.table;

import io.penstock.net.IpPrefixMap;
import java.util.List;

/**
 * Everything a worker needs to place a connection: configuration and health of one moment. Immutable; a worker loads
 * it once per turn of its loop.
 */
public final class ForwardingTable {
    private final long version;
    private final Service[] services;
    private final Service[] established;
    private final IpPrefixMap clientZones;

    /** Where clients are is not known. */
    public ForwardingTable(long version, List<Service> services) {
        this(version, services, IpPrefixMap.EMPTY);
    }

    /**
     * Versions grow by one with each table published.
     *
     * @param clientZones by the clients' addresses, the indices of their zones; the same object in every table
     */
    public ForwardingTable(long version, List<Service> services, IpPrefixMap clientZones) {
        this.version = version;
        this.services = services.toArray(new Service[0]);
        established = new Service[this.services.length];
        for (int i = 0; i < established.length; i++) {
            established[i] = this.services[i].withoutPools();
        }
        this.clientZones = clientZones;
    }

    public long version() {
        return version;
    }

    /** For {@link BackendPool#select}; the halves are those of an IpAddress. */
    public int clientZone(long sourceHigh, long sourceLow) {
        return clientZones.get(sourceHigh, sourceLow);
    }

    public IpPrefixMap clientZones() {
        return clientZones;
    }

    /** As {@link #service}, without its pools. */
    public Service established(int index) {
        return established[index];
    }

    /** By the index that the service's listeners carry. */
    public Service service(int index) {
        return services[index];
    }
}
