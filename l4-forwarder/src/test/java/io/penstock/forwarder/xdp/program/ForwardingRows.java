package io.penstock.forwarder.xdp.program;

import static io.penstock.forwarder.xdp.program.Fixture.when;
import static io.penstock.forwarder.xdp.program.World.CLIENT4;
import static io.penstock.forwarder.xdp.program.World.CLIENT_PORT;
import static io.penstock.forwarder.xdp.program.World.OTHER_REAL;
import static io.penstock.forwarder.xdp.program.World.OTHER_RING;
import static io.penstock.forwarder.xdp.program.World.REAL;
import static io.penstock.forwarder.xdp.program.World.REAL4;
import static io.penstock.forwarder.xdp.program.World.SERVICE;
import static io.penstock.forwarder.xdp.program.World.VIP4;
import static io.penstock.forwarder.xdp.program.World.VIP6;
import static io.penstock.forwarder.xdp.program.World.forwarded;
import static io.penstock.forwarder.xdp.program.World.tcp4;
import static io.penstock.forwarder.xdp.program.World.tcp6;
import static io.penstock.forwarder.xdp.program.World.udp4;
import static io.penstock.forwarder.xdp.program.World.udp6;

import java.util.Arrays;
import java.util.stream.Stream;

/** To a backend in the same network: the same packet, one hop further, in another frame. And whose a packet is. */
final class ForwardingRows {
    private static final int OTHER_SERVICE = 7;

    private ForwardingRows() {}

    static Stream<Fixture> rows() {
        return Stream.of(frames(), vips()).flatMap(rows -> rows);
    }

    private static Stream<Fixture> frames() {
        return Stream.of(
                when("TCP", tcp4()).forwards(REAL, forwarded(tcp4())),
                when("TCP, SYN", tcp4(Packet.SYN)).forwards(REAL, forwarded(tcp4(Packet.SYN))),
                when("TCP, IPv6", tcp6()).forwards(REAL, forwarded(tcp6())),
                when("UDP", udp4()).forwards(REAL, forwarded(udp4())),
                when("UDP, IPv6", udp6()).forwards(REAL, forwarded(udp6())),
                when("a large one", World.tcp4(Packet.ACK, 1400))
                        .forwards(REAL, forwarded(World.tcp4(Packet.ACK, 1400))),
                when("type of service and id stay", tcp4().trafficClass(0xb9).id(0xfffe))
                        .forwards(REAL, forwarded(tcp4().trafficClass(0xb9).id(0xfffe))),
                when(
                                "traffic class and flow label stay",
                                tcp6().trafficClass(0xb9).flowLabel(0x12345))
                        .forwards(REAL, forwarded(tcp6().trafficClass(0xb9).flowLabel(0x12345))),
                when("what Ethernet adds to a short one stays", padded(tcp4()))
                        .forwards(REAL, padded(forwarded(tcp4()))),
                when("the last hop but one", tcp4().ttl(2))
                        .forwards(REAL, forwarded(tcp4()).ttl(1)),
                when("the last hop but one, IPv6", tcp6().ttl(2))
                        .forwards(REAL, forwarded(tcp6()).ttl(1)),
                when("back through the interface that it came from", tcp4())
                        .given(plane -> plane.real(REAL, Real.l2(REAL4).through(World.LOOPBACK)))
                        .forwards(REAL, forwarded(tcp4())),
                when("through another interface", tcp4())
                        .given(plane -> plane.real(REAL, Real.l2(REAL4).through(99)))
                        .redirects(REAL, forwarded(tcp4())));
    }

    private static Stream<Fixture> vips() {
        return Stream.of(
                when("any port", toPort(4711))
                        .given(plane -> {
                            other(plane);
                            plane.vips().anyPort(VIP4, Packet.TCP, OTHER_SERVICE);
                        })
                        .forwards(OTHER_REAL, forwarded(toPort(4711))),
                when("a port of its own before any port", toPort(World.PORT))
                        .given(plane -> {
                            other(plane);
                            plane.vips().anyPort(VIP4, Packet.TCP, OTHER_SERVICE);
                        })
                        .forwards(REAL, forwarded(toPort(World.PORT))),
                inRange("the first port of a range", 8000).forwards(OTHER_REAL, forwarded(toPort(8000))),
                inRange("the last port of a range", 8099).forwards(OTHER_REAL, forwarded(toPort(8099))),
                inRange("the last of 16 ranges", 9999).forwards(OTHER_REAL, forwarded(toPort(9999))),
                inRange("a port of its own before a range", World.PORT).forwards(REAL, forwarded(toPort(World.PORT))),
                inRange("beside a range", 8100).passes("PASS_NO_SERVICE"),
                inRange("a range is of one protocol", Packet.udp(CLIENT4, CLIENT_PORT, VIP4, 8000))
                        .passes("PASS_NO_SERVICE"),
                when("any port of IPv6 only", toPort(4711))
                        .given(plane -> plane.vips().anyPort(VIP6, Packet.TCP, SERVICE))
                        .passes("PASS_NO_SERVICE"),
                when("the other half of the table", tcp4())
                        .given(plane -> {
                            other(plane);
                            plane.config().vipBase = VipSlots.HALF;
                            plane.vips().port(VIP4, Packet.TCP, World.PORT, OTHER_SERVICE);
                            plane.config().write();
                        })
                        .forwards(OTHER_REAL, forwarded(tcp4())),
                when("nothing of the half that does not count", tcp6())
                        .given(plane -> {
                            plane.config().vipBase = VipSlots.HALF;
                            plane.config().write();
                        })
                        .passes("PASS_NO_VIP"),
                when("found behind 15 others", tcp4())
                        .given(plane -> plane.vips().crowd(VIP4, Packet.TCP, World.PORT, 15))
                        .forwards(REAL, forwarded(tcp4())),
                when("no further than 15 others", tcp4())
                        .given(plane -> plane.vips().crowd(VIP4, Packet.TCP, World.PORT, 16))
                        .passes("PASS_NO_SERVICE"));
    }

    private static Packet toPort(int port) {
        return Packet.tcp(CLIENT4, CLIENT_PORT, VIP4, port, Packet.ACK);
    }

    private static Fixture inRange(String name, int port) {
        return inRange(name, toPort(port));
    }

    private static Fixture inRange(String name, Packet packet) {
        return when(name, packet).given(plane -> {
            other(plane);
            VipSlots.Range[] ranges = new VipSlots.Range[16];
            Arrays.setAll(ranges, i -> new VipSlots.Range(100 * i + 1, 100 * i + 50, SERVICE));
            ranges[4] = new VipSlots.Range(8000, 8099, OTHER_SERVICE);
            ranges[15] = new VipSlots.Range(9999, 9999, OTHER_SERVICE);
            plane.vips().ranges(VIP4, Packet.TCP, 4096, ranges);
        });
    }

    private static void other(Plane plane) throws Exception {
        plane.ring(OTHER_RING, OTHER_REAL);
        plane.service(OTHER_SERVICE, Service.of(OTHER_RING));
    }

    private static byte[] padded(Packet packet) {
        byte[] frame = packet.octets();
        return Arrays.copyOf(frame, frame.length + 6);
    }
}
