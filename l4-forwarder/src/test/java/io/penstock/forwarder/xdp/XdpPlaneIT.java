package io.penstock.forwarder.xdp;

import static io.penstock.forwarder.xdp.DirectLab.MAC1;
import static io.penstock.forwarder.xdp.DirectLab.MAC2;
import static io.penstock.forwarder.xdp.DirectLab.ack;
import static io.penstock.forwarder.xdp.DirectLab.awaitVersion;
import static io.penstock.forwarder.xdp.DirectLab.syn;
import static io.penstock.forwarder.xdp.DirectLab.target;
import static io.penstock.forwarder.xdp.PacketTables.backend;
import static io.penstock.forwarder.xdp.PacketTables.ip;
import static io.penstock.forwarder.xdp.PacketTables.is;
import static io.penstock.forwarder.xdp.PacketTables.service;
import static io.penstock.forwarder.xdp.PacketTables.table;
import static io.penstock.testing.NetworkNamespace.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.bpf.BpfMap;
import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.bpf.BpfRig;
import io.penstock.forwarder.bpf.MappedArray;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.table.PacketBackend.State;
import io.penstock.forwarder.table.PacketService;
import io.penstock.forwarder.table.PacketTable;
import io.penstock.forwarder.table.Pools;
import io.penstock.net.IpAddress;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The plane against the kernel: the program finds in the maps what the table says. */
@ExtendWith(OpenFds.class)
@Timeout(60)
class XdpPlaneIT {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long LONG_WINDOW_NS = 3600 * SECOND_NS;
    private static final IpAddress CLIENT = ip("198.51.100.7");
    private static final int FLOWS = 2_000;

    private final Backend one = backend("b1", "10.9.0.11");
    private final Backend two = backend("b2", "10.9.0.12");

    @BeforeEach
    void needsRights() {
        BpfRig.assumeLoadable();
    }

    @Test
    void shouldSendEachFlowWhereTheProxyWould() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(LONG_WINDOW_NS);
                    BpfObject program = lab.program()) {
                PacketService web = web(true, State.UP, State.UP);
                publish(plane, table(web));
                SplittableRandom random = new SplittableRandom(1);
                for (int i = 0; i < FLOWS; i++) {
                    IpAddress client = IpAddress.ofIpv4(0xc633_6400 + random.nextInt(256));
                    int port = 1024 + random.nextInt(60_000);
                    long hash = web.pool()
                            .flowHash(
                                    client.high(),
                                    client.low(),
                                    port,
                                    PacketTables.VIP.high(),
                                    PacketTables.VIP.low(),
                                    PacketTables.PORT,
                                    6);
                    String expected =
                            web.pool().select(hash, 0, Pools.selection()).equals(one) ? MAC1 : MAC2;
                    assertEquals(expected, target(syn(program, client, port)));
                }
                assertEquals(
                        FLOWS,
                        plane.figures().backends().values().stream()
                                .mapToLong(PlaneFigures.Volume::packets)
                                .sum());
                System.out.println("ring fill of 65,537 slots: "
                        + plane.figures().ringFills().sum()
                                / plane.figures().ringFills().count() + " s");
            }
        });
    }

    @Test
    void shouldFindFlowsAnotherBackendWhenTheirsIsDown() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(LONG_WINDOW_NS);
                    BpfObject program = lab.program()) {
                publish(plane, table(web(true, State.UP, State.UP)));
                int port = portTo(program, MAC1);
                assertEquals(MAC1, target(ack(program, CLIENT, port)));

                publish(plane, table(web(true, State.DOWN, State.UP)));

                assertEquals(MAC2, target(ack(program, CLIENT, port)));
                assertEquals(MAC2, target(syn(program, CLIENT, port)));
            }
        });
    }

    @Test
    void shouldLookIntoTheRingBeforeWhileTheWindowLasts() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(SECOND_NS);
                    BpfObject program = lab.program()) {
                publish(plane, table(web(true, State.UP, State.UP)));
                int port = portTo(program, MAC1);
                assertEquals(MAC1, target(ack(program, CLIENT, port)), "which is remembered");

                publish(plane, table(web(true, State.DRAINING, State.UP)));

                assertEquals(MAC1, target(ack(program, CLIENT, port)));
                assertEquals(1, plane.figures().counters().get(PlaneCounter.FLOW_HIT));
                int unknown = unknownTo(program, MAC1);
                assertTrue(plane.figures().counters().get(PlaneCounter.PREVIOUS_RING) > 0);
                await("the window's end", () -> plane.status().services().get(0).windowEndNs() == 0);
                assertEquals(MAC2, target(syn(program, CLIENT, unknown)));
                long before = plane.figures().counters().get(PlaneCounter.PREVIOUS_RING);
                for (int other = 30_000; other < 30_100; other++) {
                    assertEquals(MAC2, target(ack(program, CLIENT, other)));
                }
                assertEquals(before, plane.figures().counters().get(PlaneCounter.PREVIOUS_RING));
            }
        });
    }

    @Test
    void shouldTakeOverWhatAProcessBeforeLeft() throws Exception {
        DirectLab.run(lab -> {
            int id;
            int port;
            XdpPlane first = lab.start(LONG_WINDOW_NS);
            try (BpfObject program = lab.program()) {
                publish(first, table(web(true, State.UP, State.UP)));
                port = portTo(program, MAC1);
                id = first.realId("web", one.key());
                first.close();
                assertTrue(Files.exists(lab.pins.resolve("link-" + DirectLab.INTERFACE)));
                assertEquals(MAC1, target(ack(program, CLIENT, port)));

                try (XdpPlane second = lab.start(LONG_WINDOW_NS)) {
                    assertEquals(MAC1, target(ack(program, CLIENT, port)));
                    assertEquals(id, second.realId("web", one.key()));
                    publish(second, table(web(false, State.DOWN, State.DOWN)));
                    assertTrue(second.status().services().get(0).held());
                    assertEquals(MAC1, target(ack(program, CLIENT, port)));
                    assertEquals(MAC1, target(syn(program, CLIENT, port)));

                    publish(second, table(web(true, State.UP, State.UP)));
                    assertEquals(0, second.status().services().get(0).windowEndNs());
                    assertEquals(MAC1, target(ack(program, CLIENT, port)));

                    publish(second, table(web(true, State.DOWN, State.UP)));
                    assertEquals(MAC2, target(ack(program, CLIENT, port)));
                }
            }
        });
    }

    @Test
    void shouldLeaveAloneWhatAProcessBeforeLeftWithoutNames() throws Exception {
        DirectLab.run(lab -> {
            XdpPlane first = lab.start(LONG_WINDOW_NS);
            try (BpfObject program = lab.program()) {
                publish(first, table(web(true, State.UP, State.UP)));
                int port = portTo(program, MAC1);
                String name = first.status().name();
                first.close();
                Files.delete(Names.file(name));

                try (XdpPlane second = lab.start(LONG_WINDOW_NS)) {
                    assertEquals(MAC1, target(ack(program, CLIENT, port)));
                    publish(second, table(web(true, State.UP, State.UP)));
                    PlaneStatus.Service web = second.status().services().get(0);
                    assertEquals(1, web.index(), "the addresses led to number 0 until then");
                    assertEquals(0, web.ring(), "an equal ring is there");
                    assertEquals(MAC1, target(ack(program, CLIENT, port)));
                    await("the names", () -> Files.exists(Names.file(name)));
                }
            }
        });
    }

    @Test
    void shouldTakeAddressesAwayThatAProcessBeforeLeft() throws Exception {
        DirectLab.run(lab -> {
            XdpPlane first = lab.start(LONG_WINDOW_NS);
            try (BpfObject program = lab.program()) {
                publish(first, table(web(true, State.UP, State.UP)));
                int port = portTo(program, MAC1);
                first.close();

                try (XdpPlane second = lab.start(LONG_WINDOW_NS)) {
                    assertEquals(MAC1, target(syn(program, CLIENT, port)));
                    publish(second, table());
                    assertEquals("verdict 2", target(syn(program, CLIENT, port)), "the kernel's");
                }
            }
        });
    }

    @Test
    void shouldKeepItsNameWhenItIsToldOfAnother() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(LONG_WINDOW_NS)) {
                String name = plane.status().name();
                plane.apply(lab.settings(LONG_WINDOW_NS, DirectLab.INTERFACE).named(name + "-b"));

                await("trouble", () -> plane.status().troubles().toString().contains("xdp detach --name " + name));
                assertEquals(name, plane.status().name());
                assertTrue(plane.trouble().isEmpty());
                plane.apply(lab.settings(LONG_WINDOW_NS, DirectLab.INTERFACE));
                await("its end", () -> plane.status().troubles().isEmpty());
            }
        });
    }

    @Test
    void shouldFollowABackendThatHasAnotherMac() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(LONG_WINDOW_NS);
                    BpfObject program = lab.program()) {
                publish(plane, table(web(true, State.UP, State.UP)));
                int port = portTo(program, MAC1);

                lab.changeMac("02:00:00:00:01:99");

                await("the new address", () -> target(ack(program, CLIENT, port))
                        .equals("02:00:00:00:01:99"));
            }
        });
    }

    @Test
    void shouldAttachAgainWhenTheInterfaceIsMadeAgain() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(LONG_WINDOW_NS);
                    BpfObject program = lab.program()) {
                publish(plane, table(web(true, State.UP, State.UP)));
                int link = plane.status().backends().get(0).link();

                DirectLab.disconnect();
                await("its absence", () -> plane.trouble().orElse("").contains("no interface f0"));
                lab.reconnect();

                await(
                        "the new interface, but " + plane.status(),
                        () -> plane.trouble().isEmpty()
                                && plane.status().interfaces().get(0).mode().equals("native")
                                && plane.status().backends().get(0).link() != link);
                assertNotEquals("verdict 1", target(syn(program, CLIENT, 4711)));
            }
        });
    }

    @Test
    void shouldDetachFromAnInterfaceThatIsNotConfiguredAnyMore() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(LONG_WINDOW_NS)) {
                plane.apply(lab.settings(LONG_WINDOW_NS));

                await("the end of the link", () -> !Files.exists(lab.pins.resolve("link-" + DirectLab.INTERFACE)));
                await("trouble", () -> plane.trouble().isPresent());
            }
        });
    }

    @Test
    void shouldSayThatAnInterfaceIsNotThere() throws Exception {
        DirectLab.run(lab -> {
            XdpException refused = assertThrows(
                    XdpException.class,
                    () -> XdpPlane.start(lab.settings(SECOND_NS, DirectLab.INTERFACE, "nope0"), lab.events));

            assertEquals("no interface nope0 here; there are: f0, lo", refused.getMessage());
            assertTrue(Files.notExists(lab.pins));
            assertThrows(
                    XdpException.class,
                    () -> XdpPlane.start(lab.settings(SECOND_NS, DirectLab.INTERFACE, "nope0"), lab.events),
                    "and it is not taken for what a process before left");
        });
    }

    @Test
    void shouldSayThatAnotherProgramIsAttached() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(SECOND_NS)) {
                try (DirectLab other = lab.another()) {
                    XdpException refused = assertThrows(XdpException.class, () -> other.start(SECOND_NS));

                    assertTrue(refused.getMessage().contains("another XDP program is attached"), refused::getMessage);
                    assertEquals("native", plane.status().interfaces().get(0).mode());
                }
            }
        });
    }

    @Test
    void shouldLeaveMapsOfAnotherLayoutAlone() throws Exception {
        DirectLab.run(lab -> {
            lab.start(SECOND_NS).close();
            try (BpfMap config = BpfMap.openPinned(lab.pins.resolve("config"));
                    MappedArray array = config.mapped()) {
                array.buffer().putInt(Abi.CONFIG_ABI, Abi.VERSION + 1);
            }

            XdpException refused = assertThrows(XdpException.class, () -> lab.start(SECOND_NS));

            String layouts = "are of layout " + (Abi.VERSION + 1) + ", and this version writes " + Abi.VERSION;
            assertTrue(refused.getMessage().contains(layouts), refused::getMessage);
            assertTrue(Files.exists(lab.pins.resolve("link-" + DirectLab.INTERFACE)));
        });
    }

    @Test
    void shouldRenewTheLeaseWhileTheControlThreadTurns() throws Exception {
        DirectLab.run(lab -> {
            XdpPlane plane = lab.start(SECOND_NS);
            try (BpfMap lease = BpfMap.openPinned(lab.pins.resolve("lease"))) {
                publish(plane, table(web(true, State.UP, State.UP)));
                assertEquals(0, untilNs(lease));

                plane.onControlTurn();
                await("a lease", () -> untilNs(lease) > System.nanoTime());
                long first = untilNs(lease);
                plane.onControlTurn();
                await("a longer lease", () -> {
                    plane.onControlTurn();
                    return untilNs(lease) > first;
                });
                await("its end, as the control thread does not turn", () -> untilNs(lease) < System.nanoTime());
                plane.close();
                assertEquals(0, untilNs(lease));
            }
        });
    }

    @Test
    void shouldSayThatABackendOfL2IsBehindAGateway() throws Exception {
        DirectLab.run(lab -> {
            DirectLab.ip("route add 10.10.0.0/24 via 10.9.0.12");
            try (XdpPlane plane = lab.start(LONG_WINDOW_NS)) {
                Backend far = backend("far", "10.10.0.1");
                publish(plane, table(service("web", Encapsulation.L2, true, is(State.UP, far))));

                String trouble = plane.trouble().orElseThrow();
                assertTrue(
                        trouble.contains("backend web/far: 10.10.0.1 is behind the gateway 10.9.0.12 of f0"), trouble);

                publish(plane, table(service("web", Encapsulation.IPIP, true, is(State.UP, far))));
                await("the gateway's address", () -> plane.trouble().isEmpty());
                assertEquals(MAC2, plane.status().backends().get(0).nextHop());
            }
        });
    }

    @Test
    void shouldReachBackendsOverIpv6() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(LONG_WINDOW_NS)) {
                Backend near = backend("near", "2001:db8:9::11");
                Backend far = backend("far", "2001:db8:10::1");
                DirectLab.ip("route add 2001:db8:10::/64 via 2001:db8:9::12");
                publish(plane, table(service("web", Encapsulation.IPIP, true, is(State.UP, near), is(State.UP, far))));

                await(
                        "both next hops, but " + plane.status(),
                        () -> plane.status().backends().get(0).nextHop().equals(MAC1)
                                && plane.status().backends().get(1).nextHop().equals(MAC2));
                assertTrue(plane.trouble().isEmpty());
                try (BpfMap config = BpfMap.openPinned(lab.pins.resolve("config"));
                        MappedArray array = config.mapped()) {
                    assertEquals(ip("2001:db8:9::1"), Addresses16.get(array.buffer(), Abi.CONFIG_LOCAL6));
                }
            }
        });
    }

    @Test
    void shouldRestWhileNothingHappens() throws Exception {
        DirectLab.run(lab -> {
            try (XdpPlane plane = lab.start(LONG_WINDOW_NS)) {
                assertTrue(cpuNsOfAWhile() < SECOND_NS / 5, "before the first table");
                publish(plane, table(web(true, State.UP, State.UP)));
                assertTrue(cpuNsOfAWhile() < SECOND_NS / 5, "afterwards");
            }
        });
    }

    /** Of the plane's thread, in a second. */
    private static long cpuNsOfAWhile() throws Exception {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long id = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().equals("fwd-xdp"))
                .findFirst()
                .orElseThrow()
                .getThreadId();
        long before = threads.getThreadCpuTime(id);
        Thread.sleep(1_000);
        return threads.getThreadCpuTime(id) - before;
    }

    @Test
    void shouldTellOfABackendThatNobodyAnswersFor() throws Exception {
        DirectLab.run(lab -> {
            lab.unplugFirst();
            try (XdpPlane plane = lab.start(LONG_WINDOW_NS)) {
                publish(plane, table(web(true, State.UP, State.UP)));

                await(
                        "an event",
                        () -> lab.events.latest(100, event -> event.subject().equals("web/b1")).stream()
                                .anyMatch(event -> event.text().contains("nobody answers for 10.9.0.11 at f0")));
                assertTrue(plane.trouble().isEmpty());
            }
        });
    }

    private static void publish(XdpPlane plane, PacketTable table) throws Exception {
        plane.onTable(table);
        awaitVersion(plane, table.version());
    }

    private PacketService web(boolean settled, State first, State second) {
        return service("web", Encapsulation.L2, settled, is(first, one), is(second, two));
    }

    /** A client's port whose first packet went to that backend. */
    private static int portTo(BpfObject program, String mac) throws Exception {
        await("a next hop", () -> !target(syn(program, CLIENT, 1)).startsWith("verdict"));
        for (int port = 2000; port < 2100; port++) {
            if (target(syn(program, CLIENT, port)).equals(mac)) {
                return port;
            }
        }
        throw new AssertionError("nothing goes to " + mac);
    }

    /** The same for packets in the midst of connections that the program does not know. */
    private static int unknownTo(BpfObject program, String mac) throws Exception {
        for (int port = 3000; port < 3100; port++) {
            if (target(ack(program, CLIENT, port)).equals(mac)) {
                return port;
            }
        }
        throw new AssertionError("nothing goes to " + mac);
    }

    private static long untilNs(BpfMap lease) {
        UnsafeBuffer key = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Integer.BYTES, Long.BYTES));
        UnsafeBuffer value = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Abi.LEASE_BYTES, Long.BYTES));
        key.putInt(0, 0);
        lease.lookup(key, value);
        return value.getLong(0);
    }
}
