package io.penstock.forwarder.xdp.program;

import org.agrona.concurrent.UnsafeBuffer;

/** A backend as the program knows it: {@code struct real} of maps.h. */
record Real(
        String address, int encapsulation, int state, int ifindex, int generation, int vni, int mtu, boolean hasMac) {
    static final int UP = 1;
    static final int DRAINING = 2;
    static final int DOWN = 3;

    static final int OCTETS = 56;
    static final int VXLAN = 2;

    private static final int OUTER_IPV6 = 1;
    private static final int HAS_MAC = 2;

    static Real l2(String address) {
        return new Real(address, 0, UP, 0, 1, 0, 1500, true);
    }

    static Real ipip(String address) {
        return new Real(address, 1, UP, 0, 1, 0, 1500, true);
    }

    static Real vxlan(String address, int vni) {
        return new Real(address, VXLAN, UP, 0, 1, vni, 1500, true);
    }

    Real state(int now) {
        return new Real(address, encapsulation, now, ifindex, generation, vni, mtu, hasMac);
    }

    Real generation(int now) {
        return new Real(address, encapsulation, state, ifindex, now, vni, mtu, hasMac);
    }

    Real through(int out) {
        return new Real(address, encapsulation, state, out, generation, vni, mtu, hasMac);
    }

    Real mtu(int octets) {
        return new Real(address, encapsulation, state, ifindex, generation, vni, octets, hasMac);
    }

    Real withoutMac() {
        return new Real(address, encapsulation, state, ifindex, generation, vni, mtu, false);
    }

    UnsafeBuffer buffer() {
        return new Layout(OCTETS)
                .address(address)
                .octets(Macs.octets(Macs.NEXT_HOP))
                .octets(Macs.octets(Macs.FORWARDER))
                .octets(Macs.octets(Macs.INNER))
                .u8(encapsulation)
                .u8(state)
                .u32(ifindex)
                .u32(generation)
                .u32(vni)
                .u16(mtu)
                .u16((address.contains(":") ? OUTER_IPV6 : 0) | (hasMac ? HAS_MAC : 0))
                .u32(0)
                .buffer();
    }
}
