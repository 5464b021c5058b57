package io.penstock.forwarder.xdp;

import java.util.Locale;

/** Each way that a packet can take through the program, in the order of counters.h. */
public enum PlaneCounter {
    /** Sent to a backend. Of traces only: what is sent is counted by backend. */
    FORWARDED,
    /** Of a flow that was remembered. */
    FLOW_HIT,
    /** Of a flow that is remembered from now on. */
    FLOW_NEW,
    /** Of a flow that is not, as too many began in this second. */
    FLOW_BYPASSED,
    /** Placed by the ring before the last change. */
    PREVIOUS_RING,
    /** ICMP about a flow, sent to the flow's backend. */
    ICMP_STEERED,
    /** Echo requests that were answered. */
    ICMP_ECHOED,
    /** Answered, as it does not fit into the tunnel. */
    TOO_BIG_ANSWERED,
    /** A fragment without ports, sent where the first one went. */
    FRAGMENT_FORWARDED,
    /** Neither IPv4 nor IPv6. */
    PASS_NOT_IP,
    /** Tagged. */
    PASS_VLAN,
    /** To a group of hosts, or to another host, flooded. */
    PASS_NOT_OURS,
    /** To an address of no service. */
    PASS_NO_VIP,
    /** Neither TCP nor UDP nor ICMP. */
    PASS_PROTOCOL,
    /** To an address of a service, and a port of none. */
    PASS_NO_SERVICE,
    /** Shorter than its headers say. */
    DROP_MALFORMED,
    /** With options of IPv4. */
    DROP_OPTIONS,
    /** With extension headers of IPv6, fragments among them. */
    DROP_EXTENSIONS,
    /** At the end of its way. */
    DROP_TTL,
    /** A fragment whose first one was not seen. */
    DROP_FRAGMENT_UNKNOWN,
    /** Of a service without backends. */
    DROP_NO_RING,
    /** To a backend that is down. */
    DROP_NO_REAL,
    /** To a backend whose next hop is not known. */
    DROP_NO_MAC,
    /** Fits into no tunnel, and its sender cannot be told. */
    DROP_TOO_BIG,
    /** The driver left no room for an outer header. */
    DROP_NO_ROOM,
    /** ICMP about no flow of a service. */
    DROP_ICMP;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As metrics have it. */
    public String label() {
        return label;
    }
}
