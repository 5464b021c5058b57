package io.penstock.forwarder.xdp.program;

import static io.penstock.forwarder.xdp.program.World.REAL;
import static io.penstock.forwarder.xdp.program.World.REAL4;
import static io.penstock.forwarder.xdp.program.World.REAL6;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.bpf.BpfMap;
import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.bpf.BpfRig;
import io.penstock.forwarder.bpf.TestRun;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Probes on their way out: each octet of what leaves, for each encapsulation and family. */
class HealthFixturesIT {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final int OK = 0;
    private static final int SHOT = 2;
    private static final int REDIRECT = 7;
    private static final int UNSPEC = -1;

    private static final int PROBE = 0x70000000;
    private static final int VNI = 0xabcdef;
    private static final int NO_COUNTER = -1;
    private static final int SENT = 0;
    private static final int NO_REAL = 1;
    private static final int NO_MAC = 2;
    private static final int COUNTERS = 4;
    private static final int LABEL_AT = 14;
    private static final int VXLAN_PORT_AT6 = 54;
    private static final int VXLAN_PORT_AT4 = 34;

    private static BpfObject object;

    /**
     * One probe.
     *
     * @param counter the one that counts it
     * @param leaving the packet then; null when none leaves
     */
    private record Row(String name, Packet probe, int mark, Real real, int verdict, int counter, Packet leaving) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void load() throws Exception {
        if (BpfRig.isLoadable()) {
            object = BpfObject.open("health.bpf.o");
            object.load();
            object.map("config").update(Plane.key(0), Plane.keys());
        }
    }

    @BeforeEach
    void need() {
        BpfRig.assumeLoadable();
    }

    @AfterAll
    static void close() {
        if (object != null) {
            object.close();
        }
    }

    static Stream<Row> rows() {
        Real l2 = Real.l2(REAL4);
        Packet same4 = leaving(probe4());
        Packet same6 = leaving(probe6());
        return Stream.of(
                new Row("no mark", probe4(), 0, l2, UNSPEC, NO_COUNTER, probe4()),
                new Row("somebody else's mark", probe4(), 0x60000000 | REAL, l2, UNSPEC, NO_COUNTER, probe4()),
                new Row("another plane's mark", probe4(), PROBE | 0x1000 | REAL, l2, UNSPEC, NO_COUNTER, probe4()),
                new Row("4", probe4(), PROBE | REAL, l2, OK, SENT, same4),
                new Row("6", probe6(), PROBE | REAL, l2, OK, SENT, same6),
                new Row(
                        "a backend that is down is what is asked about",
                        probe4(),
                        PROBE | REAL,
                        l2.state(Real.DOWN),
                        OK,
                        SENT,
                        same4),
                new Row("through another interface", probe4(), PROBE | REAL, l2.through(99), REDIRECT, SENT, same4),
                new Row(
                        "4 in 4",
                        probe4(),
                        PROBE | REAL,
                        Real.ipip(REAL4),
                        OK,
                        SENT,
                        Tunnels.ipip4(probe4(), Packet.IPIP)),
                new Row(
                        "6 in 4",
                        probe6(),
                        PROBE | REAL,
                        Real.ipip(REAL4),
                        OK,
                        SENT,
                        Tunnels.ipip4(probe6(), Packet.IPV6)),
                new Row(
                        "4 in 6",
                        probe4(),
                        PROBE | REAL,
                        Real.ipip(REAL6),
                        OK,
                        SENT,
                        Tunnels.ipip6(probe4(), Packet.IPIP, World.flow4())),
                new Row(
                        "6 in 6",
                        probe6(),
                        PROBE | REAL,
                        Real.ipip(REAL6),
                        OK,
                        SENT,
                        Tunnels.ipip6(probe6(), Packet.IPV6, World.flow6())),
                new Row(
                        "4 in VXLAN in 4",
                        probe4(),
                        PROBE | REAL,
                        Real.vxlan(REAL4, VNI),
                        OK,
                        SENT,
                        Tunnels.vxlan4(probe4(), VNI, World.flow4())),
                new Row(
                        "6 in VXLAN in 4",
                        probe6(),
                        PROBE | REAL,
                        Real.vxlan(REAL4, VNI),
                        OK,
                        SENT,
                        Tunnels.vxlan4(probe6(), VNI, World.flow6())),
                new Row(
                        "4 in VXLAN in 6",
                        probe4(),
                        PROBE | REAL,
                        Real.vxlan(REAL6, VNI),
                        OK,
                        SENT,
                        Tunnels.vxlan6(probe4(), VNI, World.flow4())),
                new Row(
                        "6 in VXLAN in 6",
                        probe6(),
                        PROBE | REAL,
                        Real.vxlan(REAL6, VNI),
                        OK,
                        SENT,
                        Tunnels.vxlan6(probe6(), VNI, World.flow6())),
                new Row("no such backend", probe4(), PROBE | 4095, l2, SHOT, NO_REAL, null),
                new Row("a backend that is gone", probe4(), PROBE | REAL, l2.state(0), SHOT, NO_REAL, null),
                new Row(
                        "a backend whose next hop nobody knows",
                        probe4(),
                        PROBE | REAL,
                        l2.withoutMac(),
                        SHOT,
                        NO_MAC,
                        null));
    }

    /** As a socket of the forwarder sends it: to the VIP, by way of whatever the host has a route to. */
    private static Packet probe4() {
        return Packet.tcp("10.0.0.1", 50001, World.VIP4, World.PORT, Packet.SYN);
    }

    private static Packet probe6() {
        return Packet.tcp("2001:db8:a::1", 50001, World.VIP6, World.PORT, Packet.SYN);
    }

    private static Packet leaving(Packet probe) {
        return probe.frame(Macs.NEXT_HOP, Macs.FORWARDER);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void shouldSendAProbeAsPacketsAreSent(Row row) throws Exception {
        object.map("reals").update(Plane.key(REAL), row.real().buffer());
        List<Long> before = counts();

        TestRun run = object.program("health").runMarked(row.probe().octets(), row.mark());

        assertEquals(row.verdict(), run.verdict());
        if (row.leaving() != null) {
            byte[] left = run.packet();
            assertEquals(HEX.formatHex(withEntropyOf(left, row)), HEX.formatHex(left));
            assertEquals(row.counter() == SENT ? 0 : row.mark(), run.mark(), "mark");
        }
        List<Long> after = counts();
        for (int i = 0; i < COUNTERS; i++) {
            assertEquals(i == row.counter() ? 1 : 0, after.get(i) - before.get(i), "counter " + i);
        }
    }

    /** What spreads tunnels over queues is the kernel's own hash of the flow here, with a seed of its own: it is taken as it is. */
    private static byte[] withEntropyOf(byte[] left, Row row) {
        byte[] expected = row.leaving().octets();
        boolean isTunnel = expected.length != row.probe().octets().length;
        boolean isOuter6 = expected[12] == (byte) 0x86;
        if (isTunnel && isOuter6) {
            int label = ByteBuffer.wrap(left).getInt(LABEL_AT) & 0xfffff;
            ByteBuffer.wrap(expected).putInt(LABEL_AT, 0x60000000 | label);
        }
        if (isTunnel && row.real().encapsulation() == Real.VXLAN) {
            int at = isOuter6 ? VXLAN_PORT_AT6 : VXLAN_PORT_AT4;
            int port = ByteBuffer.wrap(left).getShort(at) & 0x3fff;
            ByteBuffer.wrap(expected).putShort(at, (short) (0xc000 | port));
        }
        return expected;
    }

    private static List<Long> counts() throws Exception {
        BpfMap probes = object.map("probes");
        UnsafeBuffer values = new UnsafeBuffer(BufferUtil.allocateDirectAligned(probes.lookupSize(), Long.BYTES));
        Long[] counts = new Long[COUNTERS];
        for (int i = 0; i < COUNTERS; i++) {
            probes.lookup(Plane.key(i), values);
            long sum = 0;
            for (int cpu = 0; cpu < BpfMap.possibleCpus(); cpu++) {
                sum += values.getLong(cpu * Long.BYTES, ByteOrder.nativeOrder());
            }
            counts[i] = sum;
        }
        return Arrays.asList(counts);
    }
}
