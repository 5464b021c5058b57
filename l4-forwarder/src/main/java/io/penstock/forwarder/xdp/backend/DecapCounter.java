package io.penstock.forwarder.xdp.backend;

import java.util.Locale;

/** What became of packets at a backend's host, as decap.bpf.c counts them. */
public enum DecapCounter {
    /** IPv4 in IPv4: handed to this host without the outer header. */
    DECAPSULATED_4IN4(0),
    /** IPv6 in IPv4. */
    DECAPSULATED_6IN4(1),
    /** IPv4 in IPv6. */
    DECAPSULATED_4IN6(2),
    /** IPv6 in IPv6. */
    DECAPSULATED_6IN6(3),
    /** No tunnel: passed on as it came. */
    PASSED_OTHER(4),
    /** A tunnel, and what is in it is for none of the VIPs: passed on as it came. */
    PASSED_NOT_VIP(5),
    /** A tunnel with IP options or in fragments, which no forwarder sends: passed on as it came. */
    PASSED_UNUSUAL(6),
    /** For a VIP, from a source that may not send. */
    DROPPED_SOURCE(7),
    /** What is inside is not whole. */
    DROPPED_MALFORMED(8);

    private final int index;

    DecapCounter(int index) {
        this.index = index;
    }

    /** In the map. */
    int index() {
        return index;
    }

    /** As it is shown. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
