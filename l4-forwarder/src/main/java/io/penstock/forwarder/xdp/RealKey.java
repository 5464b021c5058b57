package io.penstock.forwarder.xdp;

import io.penstock.forwarder.table.Backend;
import io.penstock.net.IpAddress;

/**
 * What makes a backend of a service the same one: a new address is a new machine. Its port is the client's. Of two services it is two,
 * so that what went to each is counted apart.
 */
record RealKey(String service, String pool, String backend, IpAddress address) {
    static RealKey of(String service, Backend backend) {
        return new RealKey(service, backend.pool(), backend.id(), backend.address());
    }

    /** One that a process before left, of which no more is known than its number and where it is. */
    static RealKey nameless(int id, IpAddress address) {
        return new RealKey("", "", "#" + id, address);
    }

    boolean isNameless() {
        return service.isEmpty();
    }

    static RealKey of(String service, Backend.Key key) {
        return new RealKey(service, key.pool(), key.id(), key.address());
    }

    @Override
    public String toString() {
        return pool + "/" + backend;
    }
}
