package io.penstock.forwarder.xdp;

import io.penstock.net.IpAddress;

/** How packets leave this host. */
interface Paths {
    /**
     * What is known by now of the way to an address; {@link Real.Path#UNKNOWN}, or one without a next hop, where nothing is.
     *
     * @param onLink whether only the backend itself will do as next hop
     */
    Real.Path path(IpAddress address, boolean onLink);
}
