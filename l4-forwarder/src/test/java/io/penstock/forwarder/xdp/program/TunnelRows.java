package io.penstock.forwarder.xdp.program;

import static io.penstock.forwarder.xdp.program.Fixture.when;
import static io.penstock.forwarder.xdp.program.World.REAL;
import static io.penstock.forwarder.xdp.program.World.REAL4;
import static io.penstock.forwarder.xdp.program.World.REAL6;
import static io.penstock.forwarder.xdp.program.World.flow4;
import static io.penstock.forwarder.xdp.program.World.flow6;
import static io.penstock.forwarder.xdp.program.World.tcp4;
import static io.penstock.forwarder.xdp.program.World.tcp6;

import java.util.stream.Stream;

/** To a backend anywhere: the packet in another one. */
final class TunnelRows {
    private static final int VNI = 0xabcdef;
    private static final int EXPEDITED = 0xb8;
    private static final int CONGESTION = 3;

    private TunnelRows() {}

    static Stream<Fixture> rows() {
        return Stream.of(
                to("4 in 4", tcp4(), Real.ipip(REAL4)).forwards(REAL, Tunnels.ipip4(hop(tcp4()), Packet.IPIP)),
                to("6 in 4", tcp6(), Real.ipip(REAL4)).forwards(REAL, Tunnels.ipip4(hop(tcp6()), Packet.IPV6)),
                to("4 in 6", tcp4(), Real.ipip(REAL6)).forwards(REAL, Tunnels.ipip6(hop(tcp4()), Packet.IPIP, flow4())),
                to("6 in 6", tcp6(), Real.ipip(REAL6)).forwards(REAL, Tunnels.ipip6(hop(tcp6()), Packet.IPV6, flow6())),
                to("4 in VXLAN in 4", tcp4(), Real.vxlan(REAL4, VNI))
                        .forwards(REAL, Tunnels.vxlan4(hop(tcp4()), VNI, flow4())),
                to("6 in VXLAN in 4", tcp6(), Real.vxlan(REAL4, VNI))
                        .forwards(REAL, Tunnels.vxlan4(hop(tcp6()), VNI, flow6())),
                to("4 in VXLAN in 6", tcp4(), Real.vxlan(REAL6, VNI))
                        .forwards(REAL, Tunnels.vxlan6(hop(tcp4()), VNI, flow4())),
                to("6 in VXLAN in 6", tcp6(), Real.vxlan(REAL6, VNI))
                        .forwards(REAL, Tunnels.vxlan6(hop(tcp6()), VNI, flow6())),
                to("service class outside, congestion inside, 4 in 4", classed(tcp4()), Real.ipip(REAL4))
                        .forwards(
                                REAL,
                                Tunnels.ipip4(hop(classed(tcp4())), Packet.IPIP).trafficClass(EXPEDITED)),
                to("service class outside, congestion inside, 6 in 6", classed(tcp6()), Real.ipip(REAL6))
                        .forwards(
                                REAL,
                                Tunnels.ipip6(hop(classed(tcp6())), Packet.IPV6, flow6())
                                        .trafficClass(EXPEDITED)),
                to("through another interface", tcp4(), Real.ipip(REAL4).through(99))
                        .redirects(REAL, Tunnels.ipip4(hop(tcp4()), Packet.IPIP)),
                entropy(16),
                entropy(8),
                when("just fits", World.tcp4(Packet.ACK, 40))
                        .given(plane -> plane.real(REAL, Real.ipip(REAL4).mtu(100)))
                        .forwards(REAL, Tunnels.ipip4(hop(World.tcp4(Packet.ACK, 40)), Packet.IPIP)),
                when("fits if nobody knows how much does", World.tcp4(Packet.ACK, 1440))
                        .given(plane -> plane.real(REAL, Real.ipip(REAL4).mtu(0)))
                        .forwards(REAL, Tunnels.ipip4(hop(World.tcp4(Packet.ACK, 1440)), Packet.IPIP)));
    }

    private static Fixture to(String name, Packet packet, Real real) {
        return when(name, packet).given(plane -> plane.real(REAL, real));
    }

    private static Packet hop(Packet packet) {
        return packet.ttl(63);
    }

    private static Packet classed(Packet packet) {
        return packet.trafficClass(EXPEDITED | CONGESTION);
    }

    /** The outer source says which flow it is, so that network cards spread flows over queues. */
    private static Fixture entropy(int bits) {
        int mask = (1 << bits) - 1;
        int low = (Tunnels.entropy(flow4()) & mask) | (0x0001 & ~mask);
        String source = "10.0." + (low >>> 8) + "." + (low & 0xff);
        Packet outer = Packet.ip(source, REAL4, Packet.IPIP, hop(tcp4()).withoutFrame())
                .frame(Macs.NEXT_HOP, Macs.FORWARDER);
        return when(bits + " bits of the outer source are the flow's", tcp4())
                .given(plane -> {
                    plane.real(REAL, Real.ipip(REAL4));
                    plane.config().entropyBits = bits;
                    plane.config().write();
                })
                .forwards(REAL, outer);
    }
}
