package io.penstock.forwarder.xdp.program;

import static io.penstock.forwarder.xdp.program.Fixture.when;
import static io.penstock.forwarder.xdp.program.World.CLIENT4;
import static io.penstock.forwarder.xdp.program.World.CLIENT6;
import static io.penstock.forwarder.xdp.program.World.CLIENT_PORT;
import static io.penstock.forwarder.xdp.program.World.OTHER_REAL;
import static io.penstock.forwarder.xdp.program.World.PORT;
import static io.penstock.forwarder.xdp.program.World.REAL;
import static io.penstock.forwarder.xdp.program.World.REAL4;
import static io.penstock.forwarder.xdp.program.World.REAL6;
import static io.penstock.forwarder.xdp.program.World.RING;
import static io.penstock.forwarder.xdp.program.World.SERVICE;
import static io.penstock.forwarder.xdp.program.World.VIP4;
import static io.penstock.forwarder.xdp.program.World.VIP6;
import static io.penstock.forwarder.xdp.program.World.flow4;
import static io.penstock.forwarder.xdp.program.World.flow6;
import static io.penstock.forwarder.xdp.program.World.forwarded;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.Stream;

/** ICMP to a VIP: an error about a packet of a backend goes to that backend, an echo request is answered. */
final class IcmpRows {
    private static final String ROUTER4 = "203.0.113.9";
    private static final String ROUTER6 = "2001:db8:f::9";
    private static final int UNREACHABLE = 3;
    private static final int FRAGMENTATION_NEEDED = 4;
    private static final int TIME_EXCEEDED = 11;
    private static final int UNREACHABLE6 = 1;
    private static final int TOO_BIG6 = 2;
    private static final int TIME_EXCEEDED6 = 3;
    private static final int MTU = 1300;
    private static final int ECHO_ID = 0x12340001;

    private IcmpRows() {}

    static Stream<Fixture> rows() {
        return Stream.of(steered(), notSteered(), echoes()).flatMap(rows -> rows);
    }

    private static Stream<Fixture> steered() {
        return Stream.of(
                when("fragmentation needed", needed()).forwards(REAL, forwarded(needed()), "ICMP_STEERED"),
                when("host unreachable", error(UNREACHABLE, 1, answer()))
                        .forwards(REAL, forwarded(error(UNREACHABLE, 1, answer())), "ICMP_STEERED"),
                when("time exceeded", error(TIME_EXCEEDED, 0, answer()))
                        .forwards(REAL, forwarded(error(TIME_EXCEEDED, 0, answer())), "ICMP_STEERED"),
                when("about UDP", error(UNREACHABLE, 3, datagram()))
                        .forwards(REAL, forwarded(error(UNREACHABLE, 3, datagram())), "ICMP_STEERED"),
                when("too big, IPv6", needed6()).forwards(REAL, forwarded(needed6()), "ICMP_STEERED"),
                when("unreachable, IPv6", error6(UNREACHABLE6, answer6()))
                        .forwards(REAL, forwarded(error6(UNREACHABLE6, answer6())), "ICMP_STEERED"),
                when("time exceeded, IPv6", error6(TIME_EXCEEDED6, answer6()))
                        .forwards(REAL, forwarded(error6(TIME_EXCEEDED6, answer6())), "ICMP_STEERED"),
                when("to the backend that is remembered", needed())
                        .given(plane -> {
                            plane.service(SERVICE, Service.of(RING).remembering());
                            plane.remember(flow4(), OTHER_REAL, 1, Packet.OTHER_SEQUENCE);
                        })
                        .forwards(OTHER_REAL, forwarded(needed()), "ICMP_STEERED", "FLOW_HIT"),
                when("an error is nothing to remember", needed())
                        .given(plane -> plane.service(SERVICE, Service.of(RING).remembering()))
                        .then(plane -> assertEquals(-1, plane.remembered(flow4())))
                        .forwards(REAL, forwarded(needed()), "ICMP_STEERED"),
                when("soon after a change: to where the flow was", needed())
                        .given(SelectionRows::changing)
                        .forwards(OTHER_REAL, forwarded(needed()), "ICMP_STEERED", "PREVIOUS_RING"),
                when("to where the source goes", needed())
                        .given(SelectionRows::bySource)
                        .forwards(OTHER_REAL, forwarded(needed()), "ICMP_STEERED"),
                when("through a tunnel, as the flow", needed())
                        .given(plane -> plane.real(REAL, Real.vxlan(REAL6, 100)))
                        .forwards(REAL, Tunnels.vxlan6(needed().ttl(63), 100, flow4()), "ICMP_STEERED"),
                when("through a tunnel, as the flow, IPv6", needed6())
                        .given(plane -> plane.real(REAL, Real.ipip(REAL6)))
                        .forwards(REAL, Tunnels.ipip6(needed6().ttl(63), Packet.IPV6, flow6()), "ICMP_STEERED"),
                when("to a backend that is down", needed())
                        .given(plane -> plane.real(REAL, Real.l2(REAL4).state(Real.DOWN)))
                        .drops("ICMP_STEERED", "DROP_NO_REAL"));
    }

    private static Stream<Fixture> notSteered() {
        Packet ofAnother = Packet.tcp("192.0.2.99", PORT, CLIENT4, CLIENT_PORT, Packet.ACK);
        Packet ofAnother6 = Packet.tcp("2001:db8::99", PORT, CLIENT6, CLIENT_PORT, Packet.ACK);
        Packet ofNoService = Packet.tcp(VIP4, 4711, CLIENT4, CLIENT_PORT, Packet.ACK);
        Packet ofGre = Packet.ip(VIP4, CLIENT4, 47, new byte[16]);
        return Stream.of(
                when("about a packet that the VIP has not sent", error(UNREACHABLE, 1, ofAnother))
                        .drops("DROP_ICMP"),
                when("about a packet that the VIP has not sent, IPv6", error6(TOO_BIG6, ofAnother6))
                        .drops("DROP_ICMP"),
                when("about a port without a service", error(UNREACHABLE, 1, ofNoService))
                        .passesAs(error(UNREACHABLE, 1, ofNoService).ttl(63), "PASS_NO_SERVICE"),
                when("about another protocol", error(UNREACHABLE, 1, ofGre)).drops("DROP_ICMP"),
                when("about a packet with options", error(UNREACHABLE, 1, answer().options(1)))
                        .drops("DROP_ICMP"),
                when(
                                "about a packet with an extension header",
                                error6(TOO_BIG6, answer6().extension(60)))
                        .drops("DROP_ICMP"),
                when("about too little of a packet", about(4)).drops("DROP_MALFORMED"),
                when("about a packet without ports", about(22)).drops("DROP_MALFORMED"),
                when("about too little of a packet, IPv6", about6(39)).drops("DROP_MALFORMED"),
                when("about a packet without ports, IPv6", about6(42)).drops("DROP_MALFORMED"),
                when("the last hop", needed().ttl(1)).drops("DROP_ICMP"),
                when("the last hop, IPv6", needed6().ttl(1)).drops("DROP_ICMP"),
                when("a redirect", error(5, 1, answer())).drops("DROP_ICMP"),
                when(
                                "the first fragment of an echo request",
                                Packet.icmp(CLIENT4, VIP4, 8, 0, ECHO_ID, new byte[8])
                                        .fragment(0, true))
                        .drops("DROP_ICMP"),
                when(
                                "a later fragment that looks like one",
                                Packet.icmp(CLIENT4, VIP4, 8, 0, ECHO_ID, new byte[8])
                                        .fragment(64, false))
                        .drops("DROP_ICMP"),
                when("an echo reply nobody waits for", Packet.icmp(CLIENT4, VIP4, 0, 0, ECHO_ID, new byte[8]))
                        .drops("DROP_ICMP"),
                when("a neighbour looks for a VIP", Packet.icmp(CLIENT6, VIP6, 135, 0, 0, new byte[16]))
                        .passes("PASS_PROTOCOL"),
                when("to another address", Packet.icmp(CLIENT4, "192.0.2.99", 8, 0, ECHO_ID, new byte[8]))
                        .passes("PASS_NO_VIP"),
                when("to another address, IPv6", Packet.icmp(CLIENT6, "2001:db8::99", 128, 0, ECHO_ID, new byte[8]))
                        .passes("PASS_NO_VIP"),
                when("too short", Packet.ip(CLIENT4, VIP4, Packet.ICMP, new byte[7]))
                        .passes("PASS_PROTOCOL"),
                when("too short, IPv6", Packet.ip(CLIENT6, VIP6, Packet.ICMPV6, new byte[7]))
                        .passes("PASS_PROTOCOL"));
    }

    private static Stream<Fixture> echoes() {
        return Stream.of(0, 1, 8, 56, 1400).flatMap(length -> Stream.of(echo(length), echo6(length)));
    }

    private static Fixture echo(int length) {
        byte[] body = body(length);
        return when(
                        "an echo of " + length + " octets",
                        Packet.icmp(CLIENT4, VIP4, 8, 0, ECHO_ID, body).ttl(29).id(77))
                .answers(
                        Packet.icmp(VIP4, CLIENT4, 0, 0, ECHO_ID, body).id(77).frame(Macs.ROUTER, Macs.ROUTED),
                        "ICMP_ECHOED");
    }

    private static Fixture echo6(int length) {
        byte[] body = body(length);
        return when(
                        "an echo of " + length + " octets, IPv6",
                        Packet.icmp(CLIENT6, VIP6, 128, 0, ECHO_ID, body).ttl(29))
                .answers(
                        Packet.icmp(VIP6, CLIENT6, 129, 0, ECHO_ID, body).frame(Macs.ROUTER, Macs.ROUTED),
                        "ICMP_ECHOED");
    }

    private static byte[] body(int length) {
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++) {
            body[i] = (byte) (251 * i + 17);
        }
        return body;
    }

    /** What a backend has sent to the client, and a router could not deliver. */
    private static Packet answer() {
        return Packet.tcp(VIP4, PORT, CLIENT4, CLIENT_PORT, Packet.ACK, 1400);
    }

    private static Packet answer6() {
        return Packet.tcp(VIP6, PORT, CLIENT6, CLIENT_PORT, Packet.ACK, 1400);
    }

    private static Packet datagram() {
        return Packet.udp(VIP4, World.DNS, CLIENT4, CLIENT_PORT);
    }

    private static Packet needed() {
        return error(UNREACHABLE, FRAGMENTATION_NEEDED, answer());
    }

    private static Packet needed6() {
        return error6(TOO_BIG6, answer6());
    }

    private static Packet error(int type, int code, Packet about) {
        return Packet.icmp(ROUTER4, VIP4, type, code, MTU, quote(about, 28));
    }

    private static Packet error6(int type, Packet about) {
        return Packet.icmp(ROUTER6, VIP6, type, 0, MTU, quote(about, 1000));
    }

    private static Packet about(int octets) {
        return Packet.icmp(ROUTER4, VIP4, UNREACHABLE, 1, 0, quote(answer(), octets));
    }

    private static Packet about6(int octets) {
        return Packet.icmp(ROUTER6, VIP6, UNREACHABLE6, 0, 0, quote(answer6(), octets));
    }

    private static byte[] quote(Packet packet, int octets) {
        byte[] whole = packet.withoutFrame();
        return Arrays.copyOf(whole, Math.min(octets, whole.length));
    }
}
