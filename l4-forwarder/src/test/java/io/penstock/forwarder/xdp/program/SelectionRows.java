package io.penstock.forwarder.xdp.program;

import static io.penstock.forwarder.xdp.program.Fixture.when;
import static io.penstock.forwarder.xdp.program.World.OTHER_REAL;
import static io.penstock.forwarder.xdp.program.World.OTHER_RING;
import static io.penstock.forwarder.xdp.program.World.REAL;
import static io.penstock.forwarder.xdp.program.World.REAL4;
import static io.penstock.forwarder.xdp.program.World.RING;
import static io.penstock.forwarder.xdp.program.World.SERVICE;
import static io.penstock.forwarder.xdp.program.World.flow4;
import static io.penstock.forwarder.xdp.program.World.forwarded;
import static io.penstock.forwarder.xdp.program.World.tcp4;
import static io.penstock.forwarder.xdp.program.World.udp4;
import static io.penstock.forwarder.xdp.program.World.udpFlow4;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.util.Arrays;
import java.util.stream.Stream;

/** Which backend: by memory, by the ring before a change, by the ring; and what becomes of backends that go. */
final class SelectionRows {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long LONG_NS = 3600 * SECOND_NS;

    /** How far from each other a connection's numbers are at most. */
    private static final int REACH = 1 << 26;

    private SelectionRows() {}

    static Stream<Fixture> rows() {
        return Stream.of(memory(), sequences(), changes(), backends(), sources())
                .flatMap(rows -> rows);
    }

    private static Stream<Fixture> memory() {
        return Stream.of(
                when("the first packet of a connection is not remembered: the next goes the same way", tcp4(Packet.SYN))
                        .given(SelectionRows::remembering)
                        .then(plane -> assertEquals(-1, plane.remembered(flow4())))
                        .forwards(REAL, forwarded(tcp4(Packet.SYN))),
                when("a new flow is remembered", tcp4())
                        .given(SelectionRows::remembering)
                        .then(plane -> assertEquals(REAL, plane.remembered(flow4())))
                        .forwards(REAL, forwarded(tcp4()), "FLOW_NEW"),
                when("a remembered flow stays where it is", tcp4())
                        .given(plane -> {
                            remembering(plane);
                            plane.remember(flow4(), OTHER_REAL, 1);
                        })
                        .forwards(OTHER_REAL, forwarded(tcp4()), "FLOW_HIT"),
                when("a SYN begins anew", tcp4(Packet.SYN))
                        .given(plane -> {
                            remembering(plane);
                            plane.remember(flow4(), OTHER_REAL, 1);
                        })
                        .then(plane -> assertEquals(REAL, plane.remembered(flow4())))
                        .forwards(REAL, forwarded(tcp4(Packet.SYN)), "FLOW_NEW"),
                when("a flow that nobody remembers goes by the ring", tcp4())
                        .given(SelectionRows::remembering)
                        .forwards(REAL, forwarded(tcp4()), "FLOW_NEW"),
                when("a SYN and ACK begins nothing", tcp4(Packet.SYN | Packet.ACK))
                        .given(plane -> {
                            remembering(plane);
                            plane.remember(flow4(), OTHER_REAL, 1);
                        })
                        .forwards(OTHER_REAL, forwarded(tcp4(Packet.SYN | Packet.ACK)), "FLOW_HIT"),
                when("without a memory nothing is remembered", tcp4(Packet.SYN))
                        .then(plane -> assertEquals(-1, plane.remembered(flow4())))
                        .forwards(REAL, forwarded(tcp4(Packet.SYN))),
                when("what is remembered of a backend before is forgotten", tcp4())
                        .given(plane -> {
                            remembering(plane);
                            plane.remember(flow4(), OTHER_REAL, 0);
                        })
                        .then(plane -> assertEquals(REAL, plane.remembered(flow4())))
                        .forwards(REAL, forwarded(tcp4()), "FLOW_NEW"),
                when("what is remembered of no backend is forgotten", tcp4())
                        .given(plane -> {
                            remembering(plane);
                            plane.remember(flow4(), 4096, 1);
                        })
                        .forwards(REAL, forwarded(tcp4()), "FLOW_NEW"),
                when("too many new flows are not remembered", tcp4())
                        .given(plane -> {
                            remembering(plane);
                            budget(plane, 100);
                            plane.spend(100, 0);
                        })
                        .then(plane -> assertEquals(-1, plane.remembered(flow4())))
                        .forwards(REAL, forwarded(tcp4()), "FLOW_BYPASSED"),
                when("the last flow within bounds is remembered", tcp4())
                        .given(plane -> {
                            remembering(plane);
                            budget(plane, 100);
                            plane.spend(99, 0);
                        })
                        .forwards(REAL, forwarded(tcp4()), "FLOW_NEW"),
                when("a second later new flows are remembered again", tcp4())
                        .given(plane -> {
                            remembering(plane);
                            budget(plane, 100);
                            plane.spend(1_000_000, SECOND_NS);
                        })
                        .forwards(REAL, forwarded(tcp4()), "FLOW_NEW"),
                when("a flow of UDP is remembered too", udp4())
                        .given(SelectionRows::remembering)
                        .forwards(REAL, forwarded(udp4()), "FLOW_NEW"));
    }

    private static Stream<Fixture> sequences() {
        return Stream.of(
                rememberedAt(
                        "a client that sends the same again", Packet.SEQUENCE + REACH, OTHER_REAL, Packet.SEQUENCE),
                rememberedAt("a client that has sent much", Packet.SEQUENCE - REACH, OTHER_REAL, Packet.SEQUENCE),
                rememberedAt("a client whose numbers began at 0 again", -1, OTHER_REAL, Packet.SEQUENCE),
                rememberedAt("not each packet is noted", Packet.SEQUENCE - 1000, OTHER_REAL, Packet.SEQUENCE - 1000),
                rememberedAt(
                        "a connection of the same ports before", Packet.SEQUENCE - REACH - 1, REAL, Packet.SEQUENCE),
                rememberedAt("another one before", Packet.SEQUENCE + REACH + 1, REAL, Packet.SEQUENCE),
                when("a connection of the same ports before, soon after a change: where it was", tcp4())
                        .given(plane -> {
                            changing(plane, Service.of(RING).remembering());
                            plane.remember(flow4(), REAL, 1, Packet.OTHER_SEQUENCE);
                        })
                        .forwards(OTHER_REAL, forwarded(tcp4()), "PREVIOUS_RING", "FLOW_NEW"),
                when("UDP has no numbers", udp4())
                        .given(plane -> {
                            remembering(plane);
                            plane.remember(udpFlow4(), OTHER_REAL, 1, Packet.OTHER_SEQUENCE);
                        })
                        .forwards(OTHER_REAL, forwarded(udp4()), "FLOW_HIT"));
    }

    /** A flow that is remembered to go to the other backend, and whose client was at this number. */
    private static Fixture rememberedAt(String name, int sequence, int real, int sequenceAfter) {
        return when(name, tcp4())
                .given(plane -> {
                    remembering(plane);
                    plane.remember(flow4(), OTHER_REAL, 1, sequence);
                })
                .then(plane -> {
                    assertEquals(real, plane.remembered(flow4()));
                    assertEquals(sequenceAfter, plane.sequence(flow4()));
                })
                .forwards(real, forwarded(tcp4()), real == REAL ? "FLOW_NEW" : "FLOW_HIT");
    }

    private static Stream<Fixture> changes() {
        return Stream.of(
                when("in the midst, soon after a change: where it was", tcp4())
                        .given(SelectionRows::changing)
                        .then(plane -> assertEquals(OTHER_REAL, plane.remembered(flow4())))
                        .forwards(OTHER_REAL, forwarded(tcp4()), "PREVIOUS_RING", "FLOW_NEW"),
                when("in the midst, soon after a change, with a memory: where it was", tcp4())
                        .given(plane -> changing(plane, Service.of(RING).remembering()))
                        .forwards(OTHER_REAL, forwarded(tcp4()), "PREVIOUS_RING", "FLOW_NEW"),
                when("a new one after a change: by the ring of now", tcp4(Packet.SYN))
                        .given(SelectionRows::changing)
                        .forwards(REAL, forwarded(tcp4(Packet.SYN)), "FLOW_NEW"),
                when("the second of one that began after a change", tcp4())
                        .given(plane -> {
                            changing(plane);
                            plane.run(tcp4(Packet.SYN).octets());
                        })
                        .forwards(REAL, forwarded(tcp4()), "FLOW_HIT"),
                when(
                                "what was remembered in another window counts no more, if flows are remembered in windows only",
                                tcp4())
                        .given(plane -> {
                            plane.remember(flow4(), REAL, 1);
                            changing(plane);
                        })
                        .forwards(OTHER_REAL, forwarded(tcp4()), "PREVIOUS_RING", "FLOW_NEW"),
                when("long after a change: by the ring of now", tcp4())
                        .given(plane -> {
                            changing(plane);
                            plane.service(SERVICE, Service.of(RING).previously(OTHER_RING, System.nanoTime()));
                        })
                        .forwards(REAL, forwarded(tcp4())),
                when("UDP has no beginning: by the ring of now", udp4())
                        .given(SelectionRows::changing)
                        .forwards(REAL, forwarded(udp4()), "FLOW_NEW"),
                when("in the midst, but the backend before is down: by the ring of now", tcp4())
                        .given(plane -> {
                            changing(plane);
                            plane.real(OTHER_REAL, Real.l2("10.0.0.6").state(Real.DOWN));
                        })
                        .forwards(REAL, forwarded(tcp4()), "FLOW_NEW"),
                when("in the midst, and the backend before drains: where it was", tcp4())
                        .given(plane -> {
                            changing(plane);
                            plane.real(OTHER_REAL, Real.l2("10.0.0.6").state(Real.DRAINING));
                        })
                        .forwards(OTHER_REAL, forwarded(tcp4()), "PREVIOUS_RING", "FLOW_NEW"),
                when("in the midst, but the ring before had no backends", tcp4())
                        .given(plane -> {
                            changing(plane);
                            plane.ring(OTHER_RING, -1);
                        })
                        .forwards(REAL, forwarded(tcp4()), "FLOW_NEW"),
                when("in the midst, but there is no ring before", tcp4())
                        .given(plane ->
                                plane.service(SERVICE, Service.of(RING).previously(77, System.nanoTime() + LONG_NS)))
                        .forwards(REAL, forwarded(tcp4()), "FLOW_NEW"));
    }

    private static Stream<Fixture> backends() {
        return Stream.of(
                when("a remembered flow stays with a backend that drains", tcp4())
                        .given(plane -> {
                            remembering(plane);
                            plane.remember(flow4(), OTHER_REAL, 1);
                            plane.real(OTHER_REAL, Real.l2("10.0.0.6").state(Real.DRAINING));
                        })
                        .forwards(OTHER_REAL, forwarded(tcp4()), "FLOW_HIT"),
                when("a remembered flow leaves a backend that is down", tcp4())
                        .given(plane -> {
                            remembering(plane);
                            plane.remember(flow4(), OTHER_REAL, 1);
                            plane.real(OTHER_REAL, Real.l2("10.0.0.6").state(Real.DOWN));
                        })
                        .then(plane -> assertEquals(REAL, plane.remembered(flow4())))
                        .forwards(REAL, forwarded(tcp4()), "FLOW_NEW"),
                when("a backend that drains while the ring still has it", tcp4())
                        .given(plane -> plane.real(REAL, Real.l2(REAL4).state(Real.DRAINING)))
                        .forwards(REAL, forwarded(tcp4())),
                when("a backend that is down while the ring still has it", tcp4())
                        .given(plane -> plane.real(REAL, Real.l2(REAL4).state(Real.DOWN)))
                        .drops("DROP_NO_REAL"),
                when("a backend that is not there", tcp4())
                        .given(plane -> plane.ring(RING, 9))
                        .drops("DROP_NO_REAL"),
                when("a backend that cannot be there", tcp4())
                        .given(plane -> plane.ring(RING, 4096))
                        .drops("DROP_NO_RING"),
                when("a ring without backends", tcp4())
                        .given(plane -> plane.ring(RING, -1))
                        .drops("DROP_NO_RING"),
                when("no ring", tcp4())
                        .given(plane -> plane.service(SERVICE, Service.of(77)))
                        .drops("DROP_NO_RING"),
                when("a service that cannot be there", tcp4())
                        .given(plane -> plane.vips().port(World.VIP4, Packet.TCP, World.PORT, 1024))
                        .drops("DROP_NO_RING"),
                when("a backend whose Ethernet address nobody knows yet", tcp4())
                        .given(plane -> plane.real(REAL, Real.l2(REAL4).withoutMac()))
                        .drops("DROP_NO_MAC"),
                when("the same through a tunnel", tcp4())
                        .given(plane -> plane.real(REAL, Real.ipip(REAL4).withoutMac()))
                        .drops("DROP_NO_MAC"));
    }

    private static Stream<Fixture> sources() {
        Packet neighbour = Packet.tcp("198.51.100.250", 1, World.VIP4, World.PORT, Packet.ACK);
        Packet neighbourLater = Packet.tcp("198.51.100.250", 1, World.VIP4, World.PORT, Packet.ACK);
        return Stream.of(
                when("by source", tcp4()).given(SelectionRows::bySource).forwards(OTHER_REAL, forwarded(tcp4())),
                when("by source: all of a network, whatever their ports", neighbour)
                        .given(SelectionRows::bySource)
                        .forwards(OTHER_REAL, forwarded(neighbourLater)),
                when("by source: another network", Packet.tcp("198.51.101.7", 1, World.VIP4, World.PORT, Packet.ACK))
                        .given(SelectionRows::bySource)
                        .forwards(REAL, forwarded(Packet.tcp("198.51.101.7", 1, World.VIP4, World.PORT, Packet.ACK))));
    }

    /** The network of the client goes to the other backend, by its one place in the ring. */
    static void bySource(Plane plane) throws Exception {
        IpAddress client = IpAddress.parse(World.CLIENT4).orElseThrow();
        HashInput input = new HashInput(true, 24, 128);
        long hash = new FlowHash(Plane.KEY0, Plane.KEY1)
                .ofSource(input.maskedHigh(client.high(), client.low()), input.maskedLow(client.high(), client.low()));
        int[] slots = new int[Plane.RING_SLOTS];
        Arrays.fill(slots, REAL);
        slots[Plane.slot(hash)] = OTHER_REAL;
        plane.ring(OTHER_RING, slots);
        plane.service(SERVICE, Service.of(OTHER_RING).bySource(24, 128));
    }

    private static void remembering(Plane plane) throws Exception {
        plane.service(SERVICE, Service.of(RING).remembering());
    }

    static void changing(Plane plane) throws Exception {
        changing(plane, Service.of(RING));
    }

    /** The ring before led to the other backend. */
    private static void changing(Plane plane, Service service) throws Exception {
        plane.ring(OTHER_RING, OTHER_REAL);
        plane.service(SERVICE, service.previously(OTHER_RING, System.nanoTime() + LONG_NS));
    }

    private static void budget(Plane plane, int newFlows) throws Exception {
        plane.config().newFlows = newFlows;
        plane.config().write();
    }
}
