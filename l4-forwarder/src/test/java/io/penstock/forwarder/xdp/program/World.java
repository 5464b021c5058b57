package io.penstock.forwarder.xdp.program;

import io.penstock.forwarder.bpf.BpfException;

/** What the fixtures find if they say nothing else: two VIPs, one service without a memory, one backend in the same network. */
final class World {
    static final String CLIENT4 = "198.51.100.7";
    static final String CLIENT6 = "2001:db8:c::7";
    static final int CLIENT_PORT = 40000;
    static final String VIP4 = "192.0.2.10";
    static final String VIP6 = "2001:db8::10";
    static final int PORT = 80;
    static final int DNS = 53;

    static final int SERVICE = 0;
    static final int RING = 0;
    static final int OTHER_RING = 1;
    static final int REAL = 5;
    static final int OTHER_REAL = 6;
    static final String REAL4 = "10.0.0.5";
    static final String REAL6 = "2001:db8:b::5";

    /** Where test packets come from. */
    static final int LOOPBACK = 1;

    private World() {}

    static void fill(Plane plane) throws BpfException {
        plane.vips().port(VIP4, Packet.TCP, PORT, SERVICE);
        plane.vips().port(VIP6, Packet.TCP, PORT, SERVICE);
        plane.vips().port(VIP4, Packet.UDP, DNS, SERVICE);
        plane.vips().port(VIP6, Packet.UDP, DNS, SERVICE);
        plane.ring(RING, REAL);
        plane.service(SERVICE, Service.of(RING));
        plane.real(REAL, Real.l2(REAL4));
        plane.real(OTHER_REAL, Real.l2("10.0.0.6"));
    }

    /** Of the client, to the VIP, in the midst of a connection. */
    static Packet tcp4() {
        return tcp4(Packet.ACK);
    }

    static Packet tcp4(int flags) {
        return Packet.tcp(CLIENT4, CLIENT_PORT, VIP4, PORT, flags);
    }

    static Packet tcp4(int flags, int length) {
        return Packet.tcp(CLIENT4, CLIENT_PORT, VIP4, PORT, flags, length);
    }

    static Packet tcp6() {
        return tcp6(Packet.ACK);
    }

    static Packet tcp6(int flags) {
        return Packet.tcp(CLIENT6, CLIENT_PORT, VIP6, PORT, flags);
    }

    static Packet udp4() {
        return Packet.udp(CLIENT4, CLIENT_PORT, VIP4, DNS);
    }

    static Packet udp6() {
        return Packet.udp(CLIENT6, CLIENT_PORT, VIP6, DNS);
    }

    static Plane.Flow flow4() {
        return new Plane.Flow(CLIENT4, CLIENT_PORT, VIP4, PORT, Packet.TCP);
    }

    static Plane.Flow udpFlow4() {
        return new Plane.Flow(CLIENT4, CLIENT_PORT, VIP4, DNS, Packet.UDP);
    }

    static Plane.Flow flow6() {
        return new Plane.Flow(CLIENT6, CLIENT_PORT, VIP6, PORT, Packet.TCP);
    }

    /** The same packet one hop later, on its way to the backend. */
    static Packet forwarded(Packet packet) {
        return packet.ttl(63).frame(Macs.NEXT_HOP, Macs.FORWARDER);
    }
}
