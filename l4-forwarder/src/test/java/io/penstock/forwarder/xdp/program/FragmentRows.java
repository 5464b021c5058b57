package io.penstock.forwarder.xdp.program;

import static io.penstock.forwarder.xdp.program.Fixture.when;
import static io.penstock.forwarder.xdp.program.World.CLIENT4;
import static io.penstock.forwarder.xdp.program.World.REAL;
import static io.penstock.forwarder.xdp.program.World.REAL4;
import static io.penstock.forwarder.xdp.program.World.RING;
import static io.penstock.forwarder.xdp.program.World.VIP4;
import static io.penstock.forwarder.xdp.program.World.forwarded;

import java.util.stream.Stream;

/** Fragments of IPv4, of which only the first has ports. */
final class FragmentRows {
    private static final int ID = 0x7777;

    private FragmentRows() {}

    static Stream<Fixture> rows() {
        return Stream.of(
                when("the first", first()).forwards(REAL, forwarded(first())),
                when("the second", later())
                        .given(FragmentRows::afterFirst)
                        .forwards(REAL, forwarded(later()), "FRAGMENT_FORWARDED"),
                when("the last", last())
                        .given(FragmentRows::afterFirst)
                        .forwards(REAL, forwarded(last()), "FRAGMENT_FORWARDED"),
                when("the second, to where the first went, though the ring has changed", later())
                        .given(plane -> {
                            afterFirst(plane);
                            plane.ring(RING, World.OTHER_REAL);
                        })
                        .forwards(REAL, forwarded(later()), "FRAGMENT_FORWARDED"),
                when("through a tunnel", later())
                        .given(plane -> {
                            afterFirst(plane);
                            plane.real(REAL, Real.ipip(REAL4));
                        })
                        .forwards(REAL, Tunnels.ipip4(later().ttl(63), Packet.IPIP), "FRAGMENT_FORWARDED"),
                when("before the first", later()).drops("DROP_FRAGMENT_UNKNOWN"),
                when("of another packet", later().id(ID + 1))
                        .given(FragmentRows::afterFirst)
                        .drops("DROP_FRAGMENT_UNKNOWN"),
                when("of another protocol", fragment(Packet.TCP, 64, true))
                        .given(FragmentRows::afterFirst)
                        .drops("DROP_FRAGMENT_UNKNOWN"),
                when(
                                "to another address",
                                Packet.ip(CLIENT4, "192.0.2.99", Packet.UDP, new byte[64])
                                        .fragment(64, true))
                        .passes("PASS_NO_VIP"),
                when("the last hop", later().ttl(1))
                        .given(FragmentRows::afterFirst)
                        .drops("DROP_TTL"),
                when("to a backend that has gone down", later())
                        .given(plane -> {
                            afterFirst(plane);
                            plane.real(REAL, Real.l2(REAL4).state(Real.DOWN));
                        })
                        .drops("FRAGMENT_FORWARDED", "DROP_NO_REAL"),
                when("of IPv6", World.udp6().extension(44)).drops("DROP_EXTENSIONS"));
    }

    private static Packet first() {
        return World.udp4().id(ID).fragment(0, true);
    }

    private static Packet later() {
        return fragment(Packet.UDP, 64, true);
    }

    private static Packet last() {
        return fragment(Packet.UDP, 128, false);
    }

    private static Packet fragment(int protocol, int offset, boolean more) {
        return Packet.ip(CLIENT4, VIP4, protocol, new byte[64]).id(ID).fragment(offset, more);
    }

    private static void afterFirst(Plane plane) throws Exception {
        plane.run(first().octets());
    }
}
