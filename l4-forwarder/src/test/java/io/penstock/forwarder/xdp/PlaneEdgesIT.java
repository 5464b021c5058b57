package io.penstock.forwarder.xdp;

import static io.penstock.forwarder.xdp.DirectLab.INTERFACE;
import static io.penstock.forwarder.xdp.DirectLab.awaitVersion;
import static io.penstock.forwarder.xdp.DirectLab.ip;
import static io.penstock.forwarder.xdp.PacketTables.backend;
import static io.penstock.forwarder.xdp.PacketTables.is;
import static io.penstock.forwarder.xdp.PacketTables.probed;
import static io.penstock.forwarder.xdp.PacketTables.service;
import static io.penstock.forwarder.xdp.PacketTables.table;
import static io.penstock.testing.NetworkNamespace.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.events.Event;
import io.penstock.forwarder.bpf.AttachedXdp;
import io.penstock.forwarder.bpf.BpfMap;
import io.penstock.forwarder.bpf.BpfPins;
import io.penstock.forwarder.bpf.BpfRig;
import io.penstock.forwarder.bpf.MappedArray;
import io.penstock.forwarder.bpf.NetworkInterfaces;
import io.penstock.forwarder.bpf.XdpLink;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.table.PacketBackend.State;
import io.penstock.forwarder.table.PacketService;
import io.penstock.forwarder.table.PacketTable;
import io.penstock.forwarder.xdp.XdpSettings.Attach;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The plane against interfaces, routes and filters that others change. */
@Timeout(60)
class PlaneEdgesIT {
    private static final long WINDOW_NS = 3_600_000_000_000L;
    private static final int MTU_AT = 48;

    private final Backend one = backend("b1", "10.9.0.11");
    private final Backend two = backend("b2", "10.9.0.12");

    @BeforeEach
    void needsRights() {
        BpfRig.assumeLoadable();
    }

    @Test
    void shouldPutAFilterBackThatSomebodyRemoved() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(WINDOW_NS)) {
                publish(plane);
                await("a filter", () -> hasFilter(INTERFACE, lab));

                assertEquals("", DirectLab.run("tc qdisc del dev f0 clsact"));
                assertFalse(hasFilter(INTERFACE, lab));

                await("it again", () -> hasFilter(INTERFACE, lab));
                assertTrue(hasEvent(lab, "f0", "the program of health checks was gone"));
            }
            assertFalse(hasFilter(INTERFACE, lab));
        });
    }

    @Test
    void shouldHaveAFilterWhereTheRouteToAProbedAddressLeaves() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(WINDOW_NS)) {
                PacketService web = service("web", Encapsulation.L2, true, is(State.UP, one), is(State.UP, two));
                plane.onTable(table(probed(web)));
                await(
                        "trouble, but " + plane.status(),
                        () -> hasTrouble(
                                plane, "health checks of 192.0.2.10 cannot leave this host: no route to 192.0.2.10"));

                ip("link add d0 type veth peer name d1");
                ip("link set d0 up");
                ip("link set d1 up");
                ip("address add 10.8.0.1/24 dev d0");
                ip("route add default via 10.8.0.2");

                await("its end", () -> !hasTrouble(plane, "cannot leave"));
                await("probes to get out", () -> plane.reaches("web", one.key()) && plane.reaches("web", two.key()));
                await("a filter there", () -> hasFilter("d0", lab));
                assertTrue(hasFilter(INTERFACE, lab));

                assertEquals("", DirectLab.run("sysctl -q -w net.ipv4.conf.f0.rp_filter=1"));
                await("a warning", () -> hasTrouble(plane, "rp_filter of f0 is strict (1)"));
                assertEquals("", DirectLab.run("sysctl -q -w net.ipv4.conf.f0.rp_filter=2"));
                await("its end", () -> !hasTrouble(plane, "rp_filter"));

                ip("route del default");
                await("trouble again", () -> hasTrouble(plane, "cannot leave"));
                plane.onTable(table(web));
                await("its end, as checks go elsewhere now", () -> !hasTrouble(plane, "cannot leave"));
            }
            assertFalse(hasFilter("d0", lab));
        });
    }

    @Test
    void shouldShareAnInterfaceWithAnotherPlane() throws Exception {
        DirectLab.run(lab -> {
            ip("link add d0 type veth peer name d1");
            ip("link set d0 up");
            try (XdpPlane plane = lab.start(WINDOW_NS);
                    DirectLab other = lab.another();
                    XdpPlane second = XdpPlane.start(other.settings(WINDOW_NS, "d0"), other.events)) {
                publish(plane);
                publish(second);
                await("both filters", () -> hasFilter(INTERFACE, lab) && hasFilter(INTERFACE, other));
                assertFalse(plane.probeMark("web", one.key()).equals(second.probeMark("web", one.key())));

                assertTrue(HealthFilters.remove(other.name, NetworkInterfaces.index(INTERFACE)));

                assertTrue(hasFilter(INTERFACE, lab));
                assertFalse(hasFilter(INTERFACE, other));
            }
        });
    }

    @Test
    void shouldTellTheProgramItsOwnAddresses() throws Exception {
        DirectLab.run(lab -> {
            ip("link set f0 address 02:00:00:00:07:01");
            try (XdpPlane plane = lab.start(WINDOW_NS);
                    BpfMap map = BpfMap.openPinned(lab.pins.resolve("interfaces"))) {
                int index = NetworkInterfaces.index(INTERFACE);
                assertEquals(index + " 02:00:00:00:07:01", own(map, index));

                ip("link set f0 address 02:00:00:00:07:02");
                await("its new address", () -> own(map, index).equals(index + " 02:00:00:00:07:02"));

                plane.apply(lab.settings(WINDOW_NS));
                await("nothing", () -> own(map, index).equals("0 00:00:00:00:00:00"));
            }
        });
    }

    @Test
    void shouldGoOnWhereItRunsUnderAnotherName() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(WINDOW_NS)) {
                publish(plane);
                int index = NetworkInterfaces.index(INTERFACE);

                ip("link set f0 down");
                ip("link set f0 name f9");
                ip("link set f9 up");

                await("trouble", () -> hasTrouble(plane, "no interface f0 here; there are: f9, lo"));
                assertTrue(AttachedXdp.of(index).isPresent());
                ip("link set f9 down");
                ip("link set f9 name f0");
                await("its end", () -> !hasTrouble(plane, "no interface"));
                assertTrue(AttachedXdp.of(index).isPresent());
            }
        });
    }

    @Test
    void shouldSayThatItRunsInTheStackAfterAnotherStart() throws Exception {
        DirectLab.run(lab -> {
            XdpPlane.start(lab.settings(WINDOW_NS, Attach.GENERIC, INTERFACE), lab.events)
                    .close();
            try (XdpPlane plane = lab.start(WINDOW_NS)) {
                publish(plane);
                await("words", () -> hasTrouble(plane, "f0 runs the program in the stack (generic)"));
                assertTrue(hasEvent(lab, "f0", "the program runs in the stack (generic), many times slower"));
                assertEquals("generic", plane.status().interfaces().get(0).mode());

                plane.apply(lab.settings(WINDOW_NS, Attach.NATIVE, INTERFACE));

                await(
                        "the driver",
                        () -> plane.status().interfaces().get(0).mode().equals("native"));
                assertEquals(
                        "native",
                        AttachedXdp.of(NetworkInterfaces.index(INTERFACE))
                                .orElseThrow()
                                .modeName());
                await("no words", () -> !hasTrouble(plane, "generic"));
            }
        });
    }

    @Test
    void shouldKeepToTheMtuOfARoute() throws Exception {
        DirectLab.run(lab -> {
            ip("route add 10.9.0.11/32 dev f0 mtu 1400");
            try (XdpPlane plane = lab.start(WINDOW_NS);
                    BpfMap reals = BpfMap.openPinned(lab.pins.resolve("reals"))) {
                publish(plane);

                await("its mtu", () -> mtu(reals, plane.realId("web", one.key())) == 1400);
                assertEquals(1500, mtu(reals, plane.realId("web", two.key())));
            }
        });
    }

    @Test
    void shouldTellThatNamesCannotBeWritten() throws Exception {
        DirectLab.run(lab -> {
            Path names = Names.file(lab.name);
            Files.createDirectories(names.resolve("in-the-way"));
            try (XdpPlane plane = lab.start(WINDOW_NS)) {
                publish(plane);
                await("trouble, but " + plane.status(), () -> hasTrouble(plane, "cannot write " + names));
                await("no more than that", () -> plane.trouble().isEmpty());

                Files.delete(names.resolve("in-the-way"));
                Files.delete(names);

                await("its end", () -> !hasTrouble(plane, "cannot write") && Files.isRegularFile(names));
            }
        });
    }

    /** As the command does that was killed. */
    @Test
    void shouldEndATraceThatNobodyReads() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(WINDOW_NS);
                    BpfMap pinned = BpfMap.openPinned(lab.pins.resolve("config"));
                    MappedArray config = pinned.mapped()) {
                publish(plane);
                Files.createFile(TraceLock.file(lab.name));

                config.buffer().putIntOrdered(Abi.CONFIG_TRACE_EVERY, 7);

                await("the end of the trace", () -> config.buffer().getIntVolatile(Abi.CONFIG_TRACE_EVERY) == 0);
                assertFalse(Files.exists(TraceLock.file(lab.name)));
            }
        });
    }

    @Test
    void shouldSayThatItsPinsAreGone() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(WINDOW_NS)) {
                publish(plane);
                try (XdpLink link =
                        XdpLink.openPinned(lab.pins.resolve("link-f0")).orElseThrow()) {
                    link.detach();
                }
                BpfPins.remove(lab.pins);

                await("trouble, but " + plane.trouble(), () -> plane.trouble()
                        .filter(why -> why.contains(lab.pins + " is gone, as after 'l4-forwarder xdp detach'"))
                        .isPresent());
            }
        });
    }

    private void publish(XdpPlane plane) throws Exception {
        PacketTable table = table(service("web", Encapsulation.L2, true, is(State.UP, one), is(State.UP, two)));
        plane.onTable(table);
        awaitVersion(plane, table.version());
    }

    private static boolean hasTrouble(XdpPlane plane, String text) {
        return plane.status().troubles().stream().anyMatch(each -> each.contains(text));
    }

    private static boolean hasEvent(DirectLab lab, String subject, String text) {
        return lab.events.latest(100, event -> event.subject().equals(subject)).stream()
                .map(Event::text)
                .anyMatch(each -> each.contains(text));
    }

    private static boolean hasFilter(String link, DirectLab lab) throws Exception {
        return DirectLab.run("tc filter show dev " + link + " egress")
                .contains("handle 0x" + Integer.toHexString(HealthFilters.handle(lab.name)));
    }

    /** The interface that the program knows at the place of this one. */
    private static String own(BpfMap map, int index) {
        UnsafeBuffer value = buffer(Abi.INTERFACE_BYTES);
        map.lookup(key(index % Abi.MAX_INTERFACES), value);
        return value.getInt(0) + " " + Mac.get(value, Abi.INTERFACE_MAC);
    }

    private static int mtu(BpfMap reals, int id) {
        UnsafeBuffer value = buffer(Real.BYTES);
        reals.lookup(key(id), value);
        return Short.toUnsignedInt(value.getShort(MTU_AT));
    }

    private static UnsafeBuffer key(int value) {
        UnsafeBuffer key = buffer(Integer.BYTES);
        key.putInt(0, value);
        return key;
    }

    private static UnsafeBuffer buffer(int octets) {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(octets, Long.BYTES));
    }
}
