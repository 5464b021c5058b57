package io.penstock.forwarder.xdp.program;

import static io.penstock.forwarder.xdp.program.Fixture.when;
import static io.penstock.forwarder.xdp.program.World.CLIENT4;
import static io.penstock.forwarder.xdp.program.World.CLIENT6;
import static io.penstock.forwarder.xdp.program.World.OTHER_REAL;
import static io.penstock.forwarder.xdp.program.World.REAL;
import static io.penstock.forwarder.xdp.program.World.REAL4;
import static io.penstock.forwarder.xdp.program.World.REAL6;
import static io.penstock.forwarder.xdp.program.World.RING;
import static io.penstock.forwarder.xdp.program.World.SERVICE;
import static io.penstock.forwarder.xdp.program.World.VIP4;
import static io.penstock.forwarder.xdp.program.World.VIP6;
import static io.penstock.forwarder.xdp.program.World.flow4;

import java.util.Arrays;
import java.util.stream.Stream;

/** Packets that do not fit into the tunnel: whoever sent them learns how long they may be (RFC 1191, RFC 8201). */
final class TooBigRows {
    private static final int NETWORK_CONTROL = 0xc0;
    private static final int LENGTH = 1450;

    private TooBigRows() {}

    static Stream<Fixture> rows() {
        return Stream.of(
                to("4 in 4", tcp4(), Real.ipip(REAL4)).answers(answer4(1480), "TOO_BIG_ANSWERED"),
                to("4 in 6", tcp4(), Real.ipip(REAL6)).answers(answer4(1460), "TOO_BIG_ANSWERED"),
                to("6 in 4", tcp6(), Real.ipip(REAL4)).answers(answer6(1480), "TOO_BIG_ANSWERED"),
                to("6 in 6", tcp6(), Real.ipip(REAL6)).answers(answer6(1460), "TOO_BIG_ANSWERED"),
                to("4 in VXLAN in 4", tcp4(), Real.vxlan(REAL4, 1)).answers(answer4(1450), "TOO_BIG_ANSWERED"),
                to("6 in VXLAN in 6", tcp6(), Real.vxlan(REAL6, 1)).answers(answer6(1430), "TOO_BIG_ANSWERED"),
                when("of a remembered flow", tcp4())
                        .given(plane -> {
                            plane.service(SERVICE, Service.of(RING).remembering());
                            plane.remember(flow4(), OTHER_REAL, 1);
                            plane.real(OTHER_REAL, Real.ipip(REAL4));
                        })
                        .answers(answer4(1480), "FLOW_HIT", "TOO_BIG_ANSWERED"),
                to(
                                "what routers may make fragments of, which backends do not take",
                                tcp4().mayFragment(),
                                Real.ipip(REAL4))
                        .answers(answer4(tcp4().mayFragment(), 1480), "TOO_BIG_ANSWERED"),
                to(
                                "a short one of IPv6, which any network carries",
                                World.tcp6(),
                                Real.ipip(REAL6).mtu(100))
                        .drops("DROP_TOO_BIG"),
                to(
                                "in the same network nothing is too big",
                                tcp4(),
                                Real.l2(REAL4).mtu(100))
                        .forwards(REAL, World.forwarded(tcp4())),
                // Each time it comes back to a VIP with less room in front of it.
                when("no room in front", World.tcp4())
                        .given(plane -> {
                            plane.real(REAL, Real.vxlan(REAL4, 1).mtu(0));
                            plane.vips().port(REAL4, Packet.UDP, 4789, SERVICE);
                        })
                        .times(12)
                        .drops("DROP_NO_ROOM"));
    }

    private static Fixture to(String name, Packet packet, Real real) {
        return when("too big: " + name, packet).given(plane -> plane.real(REAL, real));
    }

    private static Packet tcp4() {
        return World.tcp4(Packet.ACK, LENGTH).id(0x4242);
    }

    private static Packet tcp6() {
        return Packet.tcp(CLIENT6, World.CLIENT_PORT, VIP6, World.PORT, Packet.ACK, LENGTH);
    }

    private static Packet answer4(int mtu) {
        return answer4(tcp4(), mtu);
    }

    private static Packet answer4(Packet packet, int mtu) {
        byte[] quoted = Arrays.copyOf(packet.ttl(63).withoutFrame(), 28);
        return Packet.icmp(VIP4, CLIENT4, 3, 4, mtu, quoted)
                .trafficClass(NETWORK_CONTROL)
                .mayFragment()
                .frame(Macs.ROUTER, Macs.ROUTED);
    }

    private static Packet answer6(int mtu) {
        byte[] quoted = Arrays.copyOf(tcp6().ttl(63).withoutFrame(), 512);
        return Packet.icmp(VIP6, CLIENT6, 2, 0, mtu, quoted).frame(Macs.ROUTER, Macs.ROUTED);
    }
}
