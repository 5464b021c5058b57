package io.penstock.forwarder.xdp.program;

import static io.penstock.forwarder.xdp.program.Fixture.cut;
import static io.penstock.forwarder.xdp.program.Fixture.when;
import static io.penstock.forwarder.xdp.program.World.CLIENT4;
import static io.penstock.forwarder.xdp.program.World.CLIENT6;
import static io.penstock.forwarder.xdp.program.World.CLIENT_PORT;
import static io.penstock.forwarder.xdp.program.World.PORT;
import static io.penstock.forwarder.xdp.program.World.VIP4;
import static io.penstock.forwarder.xdp.program.World.VIP6;
import static io.penstock.forwarder.xdp.program.World.tcp4;
import static io.penstock.forwarder.xdp.program.World.tcp6;
import static io.penstock.forwarder.xdp.program.World.udp4;

import java.util.stream.Stream;

/** What is not the program's business goes to the stack untouched; what is, and is wrong, goes nowhere. */
final class RefusalRows {
    private static final String ELSEWHERE4 = "192.0.2.99";
    private static final String ELSEWHERE6 = "2001:db8::99";
    private static final int ETHERNET = 14;

    private RefusalRows() {}

    static Stream<Fixture> rows() {
        return Stream.of(passes(), malformed(), unusual()).flatMap(rows -> rows);
    }

    private static Stream<Fixture> passes() {
        return Stream.of(
                when("ARP", withType(tcp4(), 0x0806)).passes("PASS_NOT_IP"),
                when("IPv4 that ends in its header", cut(tcp4(), ETHERNET + 19)).passes("PASS_NOT_IP"),
                when("IPv6 that ends in its header", cut(tcp6(), ETHERNET + 39)).passes("PASS_NOT_IP"),
                when("nothing but a frame", cut(tcp4(), ETHERNET)).passes("PASS_NOT_IP"),
                when("VLAN", tcp4().vlan(0x8100)).passes("PASS_VLAN"),
                when("VLAN in VLAN", tcp4().vlan(0x88a8)).passes("PASS_VLAN"),
                when("to all of the network", tcp4().frame("ff:ff:ff:ff:ff:ff", Macs.ROUTER))
                        .passes("PASS_NOT_OURS"),
                when("to many of the network", tcp6().frame("33:33:00:00:00:01", Macs.ROUTER))
                        .passes("PASS_NOT_OURS"),
                when("flooded: to another host of the network", tcp4().frame("02:00:00:00:00:99", Macs.ROUTER))
                        .given(plane -> plane.listenAt(Macs.ROUTED))
                        .passes("PASS_NOT_OURS"),
                when("to this host's own address of the network", tcp4().frame(Macs.ROUTED, Macs.ROUTER))
                        .given(plane -> plane.listenAt(Macs.ROUTED))
                        .forwards(World.REAL, World.forwarded(tcp4())),
                when("to a virtual router", tcp4().frame("00:00:5e:00:01:07", Macs.ROUTER))
                        .given(plane -> plane.listenAt(Macs.ROUTED))
                        .forwards(World.REAL, World.forwarded(tcp4())),
                when("to another address", Packet.tcp(CLIENT4, CLIENT_PORT, ELSEWHERE4, PORT, Packet.SYN))
                        .passes("PASS_NO_VIP"),
                when("to another address, IPv6", Packet.tcp(CLIENT6, CLIENT_PORT, ELSEWHERE6, PORT, Packet.SYN))
                        .passes("PASS_NO_VIP"),
                when("to another port", Packet.tcp(CLIENT4, CLIENT_PORT, VIP4, 22, Packet.SYN))
                        .passes("PASS_NO_SERVICE"),
                when("to another port, IPv6", Packet.tcp(CLIENT6, CLIENT_PORT, VIP6, 22, Packet.SYN))
                        .passes("PASS_NO_SERVICE"),
                when("UDP to a port of TCP", Packet.udp(CLIENT4, CLIENT_PORT, VIP4, PORT))
                        .passes("PASS_NO_SERVICE"),
                when("another protocol", Packet.ip(CLIENT4, VIP4, 47, new byte[20]))
                        .passes("PASS_PROTOCOL"),
                when("another protocol, IPv6", Packet.ip(CLIENT6, VIP6, 132, new byte[20]))
                        .passes("PASS_PROTOCOL"),
                when("a tunnel to a VIP", Packet.ip(CLIENT4, VIP4, Packet.IPIP, tcp4().withoutFrame()))
                        .passes("PASS_PROTOCOL"));
    }

    private static Stream<Fixture> malformed() {
        return Stream.of(
                when("shorter than it says", cut(tcp4(), ETHERNET + 47)).drops("DROP_MALFORMED"),
                when("shorter than it says, IPv6", cut(tcp6(), ETHERNET + 67)).drops("DROP_MALFORMED"),
                when("less than TCP's header", Packet.ip(CLIENT4, VIP4, Packet.TCP, new byte[19]))
                        .drops("DROP_MALFORMED"),
                when("a length that has no room for ports", withLength(tcp4(), 20))
                        .drops("DROP_MALFORMED"),
                when("no length, IPv6", withLength(tcp6(), 0)).drops("DROP_MALFORMED"),
                when("a length that would wrap, IPv6", withLength(tcp6(), 65_530))
                        .drops("DROP_MALFORMED"),
                when("less than UDP's header", Packet.ip(CLIENT4, VIP4, Packet.UDP, new byte[7]))
                        .drops("DROP_MALFORMED"),
                when("less than TCP's header, IPv6", Packet.ip(CLIENT6, VIP6, Packet.TCP, new byte[19]))
                        .drops("DROP_MALFORMED"),
                when("a header shorter than any", withVersion(tcp4(), 0x44)).drops("DROP_MALFORMED"),
                when("another version", withVersion(tcp4(), 0x55)).drops("DROP_MALFORMED"),
                when(
                                "shorter than it says, to another address",
                                cut(Packet.tcp(CLIENT4, CLIENT_PORT, ELSEWHERE4, PORT, Packet.SYN), ETHERNET + 47))
                        .passes("PASS_NO_VIP"));
    }

    private static Stream<Fixture> unusual() {
        return Stream.of(
                when("options", tcp4().options(1)).drops("DROP_OPTIONS"),
                when("as many options as there can be", udp4().options(10)).drops("DROP_OPTIONS"),
                when(
                                "options, to another address",
                                Packet.tcp(CLIENT4, CLIENT_PORT, ELSEWHERE4, PORT, Packet.SYN)
                                        .options(1))
                        .passes("PASS_NO_VIP"),
                when("hop-by-hop options", tcp6().extension(0)).drops("DROP_EXTENSIONS"),
                when("a routing header", tcp6().extension(43)).drops("DROP_EXTENSIONS"),
                when("destination options", tcp6().extension(60)).drops("DROP_EXTENSIONS"),
                when("an authentication header", tcp6().extension(51)).drops("DROP_EXTENSIONS"),
                when(
                                "destination options, to another address",
                                Packet.tcp(CLIENT6, CLIENT_PORT, ELSEWHERE6, PORT, Packet.SYN)
                                        .extension(60))
                        .passes("PASS_NO_VIP"),
                when("the last hop", tcp4().ttl(1)).drops("DROP_TTL"),
                when("no hop left", tcp4().ttl(0)).drops("DROP_TTL"),
                when("the last hop, IPv6", tcp6().ttl(1)).drops("DROP_TTL"));
    }

    private static byte[] withType(Packet packet, int type) {
        byte[] frame = packet.octets();
        frame[12] = (byte) (type >>> 8);
        frame[13] = (byte) type;
        return frame;
    }

    /** As the header has it: of all in IPv4, of what follows in IPv6. */
    private static byte[] withLength(Packet packet, int length) {
        byte[] frame = packet.octets();
        int at = ETHERNET + (frame[12] == 8 ? 2 : 4);
        frame[at] = (byte) (length >>> 8);
        frame[at + 1] = (byte) length;
        return frame;
    }

    private static byte[] withVersion(Packet packet, int versionAndLength) {
        byte[] frame = packet.octets();
        frame[ETHERNET] = (byte) versionAndLength;
        return frame;
    }
}
