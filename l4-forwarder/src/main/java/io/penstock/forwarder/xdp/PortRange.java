package io.penstock.forwarder.xdp;

/** Ports of an address that are one service's, an element of the map {@code ranges}: two u16, then the service's number. */
record PortRange(int low, int high, int service) {
    static final PortRange NONE = new PortRange(0, 0, 0);
}
