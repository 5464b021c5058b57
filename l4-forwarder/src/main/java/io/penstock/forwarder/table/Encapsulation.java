package io.penstock.forwarder.table;

/** How a packet for a virtual address travels from the forwarder to its backend, in the data plane of packets. */
public enum Encapsulation {
    /** As it is, under the backend's MAC address: the backend is on a link of this host. */
    L2,

    /** In an IP header of its own: IPv4 or IPv6 in either (RFC 2003, RFC 2473, RFC 4213). */
    IPIP,

    /** In UDP, as an Ethernet frame (RFC 7348). */
    VXLAN
}
