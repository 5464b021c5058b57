package io.penstock.health;

import io.penstock.net.Endpoint;

/**
 * What probes go to.
 *
 * @param mark of their packets (SO_MARK in socket(7)), by which this host may send them another way than others to the
 *     same address; {@link #NO_MARK} for none. Setting one needs CAP_NET_ADMIN
 */
public record ProbeTarget(Endpoint endpoint, int mark) {
    public static final int NO_MARK = 0;

    /** By the way of all others. */
    public static ProbeTarget of(Endpoint endpoint) {
        return new ProbeTarget(endpoint, NO_MARK);
    }

    /** Another port of it. */
    ProbeTarget at(int port) {
        return new ProbeTarget(new Endpoint(endpoint.address(), port), mark);
    }
}
