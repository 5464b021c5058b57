package io.penstock.forwarder.xdp.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.bpf.BpfRig;
import io.penstock.forwarder.bpf.RingBuffer;
import io.penstock.forwarder.bpf.TestRun;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way a packet can take through the program: the verdict, each counter, each octet of what leaves. */
class XdpProgramIT {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final int WAIT_MS = 1000;
    private static final int ECHOES = 20_000;

    private static Plane plane;

    @BeforeAll
    static void load() throws Exception {
        if (BpfRig.isLoadable()) {
            plane = new Plane();
        }
    }

    @BeforeEach
    void begin() throws Exception {
        BpfRig.assumeLoadable();
        plane.reset();
        World.fill(plane);
    }

    @AfterAll
    static void close() {
        if (plane != null) {
            plane.close();
        }
    }

    static Stream<Fixture> fixtures() {
        return Stream.of(
                        ForwardingRows.rows(),
                        TunnelRows.rows(),
                        SelectionRows.rows(),
                        IcmpRows.rows(),
                        TooBigRows.rows(),
                        FragmentRows.rows(),
                        RefusalRows.rows())
                .flatMap(rows -> rows);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fixtures")
    void shouldDoWithAPacket(Fixture fixture) throws Exception {
        fixture.setup().on(plane);
        Map<String, Long> before = plane.counts();
        List<Long> volume = plane.volume(World.REAL);
        List<Long> otherVolume = plane.volume(World.OTHER_REAL);

        TestRun run = plane.run(fixture.packet(), fixture.times());

        assertEquals(fixture.verdict(), run.verdict(), "verdict");
        if (fixture.expected() != null) {
            assertEquals(HEX.formatHex(fixture.expected()), HEX.formatHex(run.packet()));
        }
        Map<String, Long> counts = difference(before, plane.counts());
        if (fixture.times() == 1) {
            assertEquals(fixture.counts(), counts);
            assertEquals(passed(fixture, World.REAL), plane.volume(World.REAL).get(0) - volume.get(0));
            assertEquals(
                    passed(fixture, World.OTHER_REAL),
                    plane.volume(World.OTHER_REAL).get(0) - otherVolume.get(0));
        } else {
            assertEquals(fixture.counts().keySet(), counts.keySet());
        }
        fixture.after().on(plane);
    }

    private static long passed(Fixture fixture, int real) {
        return fixture.real() == real ? 1 : 0;
    }

    private static Map<String, Long> difference(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> difference = new TreeMap<>(after);
        before.forEach((name, count) -> difference.merge(name, -count, Long::sum));
        difference.values().removeIf(count -> count == 0);
        return difference;
    }

    /** What is forwarded is counted with its backend; only a trace says so: below. */
    @Test
    void shouldReachEveryCounter() throws Exception {
        TreeSet<String> reached = new TreeSet<>(List.of("FORWARDED"));
        fixtures().forEach(fixture -> reached.addAll(fixture.counts().keySet()));
        assertEquals(new TreeSet<>(Plane.counterNames()), reached);
    }

    @Test
    void shouldCountTheOctetsOfIpThatGoToABackend() throws Exception {
        List<Long> before = plane.volume(World.REAL);
        plane.run(World.tcp4(Packet.ACK, 100).octets());
        plane.run(World.udp6().octets());
        List<Long> after = plane.volume(World.REAL);
        assertEquals(2, after.get(0) - before.get(0));
        assertEquals(140 + 56, after.get(1) - before.get(1));
    }

    /** The same of the header of what is forwarded: each of these has another checksum. */
    @Test
    void shouldForwardWithARightHeader() throws Exception {
        for (int id = 0; id < 1 << 16; id += 7) {
            byte[] sent = plane.run(World.tcp4().id(id).octets()).packet();
            assertEquals(63, sent[22]);
            assertTrue(Checksum.isRight(Arrays.copyOfRange(sent, 14, 34)), () -> HEX.formatHex(sent));
        }
    }

    /** The checksum is not computed anew but changed, in complements where a carry is easily lost. */
    @Test
    void shouldAnswerEchoesWithRightChecksums() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < ECHOES; i++) {
            byte[] body = new byte[random.nextInt(4)];
            random.nextBytes(body);
            int rest = random.nextInt();
            byte[] echo =
                    Packet.icmp(World.CLIENT4, World.VIP4, 8, 0, rest, body).octets();
            byte[] reply = plane.run(echo).packet();
            assertTrue(Checksum.isRight(Arrays.copyOfRange(reply, 34, reply.length)), () -> HEX.formatHex(echo));
            assertTrue(Checksum.isRight(Arrays.copyOfRange(reply, 14, 34)), () -> HEX.formatHex(echo));
            byte[] echo6 =
                    Packet.icmp(World.CLIENT6, World.VIP6, 128, 0, rest, body).octets();
            byte[] reply6 = plane.run(echo6).packet();
            byte[] protocolAndLength = {0, (byte) (8 + body.length), 0, Packet.ICMPV6};
            assertTrue(
                    Checksum.isRight(
                            Arrays.copyOfRange(reply6, 22, 54),
                            protocolAndLength,
                            Arrays.copyOfRange(reply6, 54, reply6.length)),
                    () -> HEX.formatHex(echo6));
        }
    }

    @Test
    void shouldTraceWhatIsForwardedAndWhatIsRefused() throws Exception {
        List<UnsafeBuffer> traces = new ArrayList<>();
        try (RingBuffer buffer = RingBuffer.open(plane.map("traces"), entry -> traces.add(copy(entry)))) {
            plane.config().traceEvery = 1;
            plane.config().write();
            long beforeNs = System.nanoTime();
            plane.run(World.tcp4(Packet.SYN, 60).octets());
            plane.run(World.tcp4().ttl(1).octets());
            long afterNs = System.nanoTime();
            assertEquals(2, buffer.poll(WAIT_MS));

            long atNs = traces.get(0).getLong(0, ByteOrder.nativeOrder());
            assertTrue(beforeNs <= atNs && atNs <= afterNs, "on the clock of System.nanoTime");
            assertEquals(trace(World.REAL, 100, Packet.SYN, "FORWARDED"), afterClock(traces.get(0)));
            assertEquals(trace(-1, 48, Packet.ACK, "DROP_TTL"), afterClock(traces.get(1)));
        }
    }

    @Test
    void shouldTraceOneOfSoMany() throws Exception {
        List<UnsafeBuffer> traces = new ArrayList<>();
        try (RingBuffer buffer = RingBuffer.open(plane.map("traces"), entry -> traces.add(copy(entry)))) {
            plane.config().traceEvery = 10;
            plane.config().write();
            for (int i = 0; i < 1000; i++) {
                plane.run(World.tcp4().octets());
            }
            buffer.poll(WAIT_MS);
            // Of 1000 by chance 100, with a deviation of 9.5.
            assertEquals(100, traces.size(), 60);
        }
    }

    private static UnsafeBuffer copy(DirectBuffer entry) {
        UnsafeBuffer copy = new UnsafeBuffer(new byte[entry.capacity()]);
        copy.putBytes(0, entry, 0, entry.capacity());
        return copy;
    }

    /** {@code struct trace} without its time. */
    private static String trace(int real, int length, int tcpFlags, String counter) throws Exception {
        UnsafeBuffer expected = new Layout(64)
                .address(World.CLIENT4)
                .address(World.VIP4)
                .be16(World.CLIENT_PORT)
                .be16(World.PORT)
                .u32(Packet.TCP)
                .u32(real)
                .u32(World.SERVICE)
                .u16(length)
                .u8(tcpFlags)
                .u8(Plane.counterNames().indexOf(counter))
                .u32(0)
                .buffer();
        return hex(expected, 0, 56);
    }

    private static String afterClock(UnsafeBuffer trace) {
        return hex(trace, Long.BYTES, trace.capacity() - Long.BYTES);
    }

    private static String hex(DirectBuffer buffer, int offset, int length) {
        byte[] octets = new byte[length];
        buffer.getBytes(offset, octets);
        return HEX.formatHex(octets);
    }
}
