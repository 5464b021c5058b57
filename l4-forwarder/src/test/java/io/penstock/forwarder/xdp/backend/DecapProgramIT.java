package io.penstock.forwarder.xdp.backend;

import static io.penstock.forwarder.xdp.backend.Frames.IPIP;
import static io.penstock.forwarder.xdp.backend.Frames.IPV6;
import static io.penstock.forwarder.xdp.backend.Frames.TCP;
import static io.penstock.forwarder.xdp.backend.Frames.address;
import static io.penstock.forwarder.xdp.backend.Frames.ethernet;
import static io.penstock.forwarder.xdp.backend.Frames.first;
import static io.penstock.forwarder.xdp.backend.Frames.ip;
import static io.penstock.forwarder.xdp.backend.Frames.with;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.bpf.BpfPins;
import io.penstock.forwarder.bpf.BpfRig;
import io.penstock.forwarder.bpf.TestRun;
import io.penstock.net.IpPrefix;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernel's own run of decap.bpf.c on packets: what comes out, octet by octet, and what is counted. */
class DecapProgramIT {
    private static final int XDP_DROP = 1;
    private static final int XDP_PASS = 2;

    private static final String VIP4 = "192.0.2.10";
    private static final String VIP6 = "2001:db8:9::10";
    private static final byte[] SEGMENT = "twenty octets and more of a segment".getBytes(StandardCharsets.US_ASCII);

    /** Of IPv4, within a frame. */
    private static final int VERSION_AT = 14;

    private static final int FRAGMENT_AT = 14 + 6;

    private Path pins;
    private BpfObject object;
    private DecapMaps maps;

    @BeforeEach
    void load() throws Exception {
        BpfRig.assumeLoadable();
        pins = BpfRig.pins();
        object = BpfObject.open("decap.bpf.o");
        object.pin(pins);
        object.load();
        maps = DecapMaps.open(pins);
        maps.add(address(VIP4));
        maps.add(address(VIP6));
        maps.allow(List.of());
    }

    @AfterEach
    void unload() throws Exception {
        if (pins != null) {
            BpfPins.remove(pins);
            maps.close();
            object.close();
        }
    }

    /** What the program makes of it, after which that one counter is one higher and no other. */
    private byte[] run(byte[] frame, int verdict, DecapCounter counter) throws Exception {
        Map<DecapCounter, Long> expected = counts();
        expected.merge(counter, 1L, Long::sum);
        TestRun run = object.program("decap").run(frame, 1);
        assertEquals(expected, counts());
        assertEquals(verdict, run.verdict());
        return run.packet();
    }

    private Map<DecapCounter, Long> counts() {
        Map<DecapCounter, Long> counts = new EnumMap<>(DecapCounter.class);
        for (DecapCounter counter : DecapCounter.values()) {
            counts.put(counter, maps.count(counter));
        }
        return counts;
    }

    private void assertUntouched(byte[] frame, DecapCounter counter) throws Exception {
        assertArrayEquals(frame, run(frame, XDP_PASS, counter));
    }

    private static byte[] inner(String destination) {
        return ip(destination.contains(":") ? "2001:db8:5::5" : "198.51.100.5", destination, TCP, SEGMENT);
    }

    private static byte[] tunnel(String source, String destination, byte[] inner) {
        return ethernet(ip(source, destination, (inner[0] & 0xf0) == 0x60 ? IPV6 : IPIP, inner));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.11, 192.0.2.10, DECAPSULATED_4IN4",
        "10.0.0.1, 10.0.0.11, 2001:db8:9::10, DECAPSULATED_6IN4",
        "2001:db8::1, 2001:db8::11, 192.0.2.10, DECAPSULATED_4IN6",
        "2001:db8::1, 2001:db8::11, 2001:db8:9::10, DECAPSULATED_6IN6"
    })
    void shouldTakeTheOuterHeaderOff(String source, String destination, String vip, DecapCounter counter)
            throws Exception {
        byte[] inner = inner(vip);
        byte[] after = run(tunnel(source, destination, inner), XDP_PASS, counter);
        assertArrayEquals(ethernet(inner), after);
    }

    @Test
    void shouldTakeItOffWhenTheInnerHeaderHasOptions() throws Exception {
        byte[] inner = with(inner(VIP4), 0, 0x46);
        assertArrayEquals(
                ethernet(inner), run(tunnel("10.0.0.1", "10.0.0.11", inner), XDP_PASS, DecapCounter.DECAPSULATED_4IN4));
    }

    @Test
    void shouldTakeItOffWhenTheFrameIsPadded() throws Exception {
        byte[] frame = tunnel("10.0.0.1", "10.0.0.11", inner(VIP4));
        byte[] after = run(first(frame, frame.length + 6), XDP_PASS, DecapCounter.DECAPSULATED_4IN4);
        assertArrayEquals(first(ethernet(inner(VIP4)), frame.length - 20 + 6), after);
    }

    private static Stream<Arguments> others() {
        byte[] plain = ethernet(inner(VIP4));
        return Stream.of(
                Arguments.of("TCP over IPv4", plain),
                Arguments.of("TCP over IPv6", ethernet(inner(VIP6))),
                Arguments.of("ARP", ethernet(0x0806, new byte[46])),
                Arguments.of("VLAN", ethernet(0x8100, plain)),
                Arguments.of("IPv4 that ends in its header", first(plain, 14 + 19)),
                Arguments.of("IPv6 that ends in its header", first(ethernet(inner(VIP6)), 14 + 39)),
                Arguments.of("nothing but a header", first(plain, 14)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    void shouldPassWhatIsNoTunnel(String what, byte[] frame) throws Exception {
        assertUntouched(frame, DecapCounter.PASSED_OTHER);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 192.0.2.11",
        "10.0.0.1, 2001:db8:9::11",
        "2001:db8::1, 192.0.2.11",
        "2001:db8::1, 2001:db8:9::11"
    })
    void shouldPassATunnelThatIsForNoVip(String source, String destination) throws Exception {
        String here = source.contains(":") ? "2001:db8::11" : "10.0.0.11";
        assertUntouched(tunnel(source, here, inner(destination)), DecapCounter.PASSED_NOT_VIP);
    }

    @ParameterizedTest
    @CsvSource({
        // Options.
        "14, 0x46",
        // The first fragment; a later one.
        "20, 0x20",
        "21, 0x10"
    })
    void shouldPassATunnelThatNoForwarderSends(int at, String octet) throws Exception {
        byte[] frame = tunnel("10.0.0.1", "10.0.0.11", inner(VIP4));
        assertUntouched(with(frame, at, Integer.decode(octet)), DecapCounter.PASSED_UNUSUAL);
        assertEquals(0x45, frame[VERSION_AT]);
        assertEquals(0x40, frame[FRAGMENT_AT]);
    }

    @Test
    void shouldTakeTunnelsOfAllowedSourcesOnly() throws Exception {
        maps.allow(List.of(
                IpPrefix.parse("10.0.0.0/30").orElseThrow(),
                IpPrefix.parse("2001:db8::/127").orElseThrow()));
        run(tunnel("10.0.0.3", "10.0.0.11", inner(VIP4)), XDP_PASS, DecapCounter.DECAPSULATED_4IN4);
        run(tunnel("10.0.0.4", "10.0.0.11", inner(VIP4)), XDP_DROP, DecapCounter.DROPPED_SOURCE);
        run(tunnel("10.0.0.4", "10.0.0.11", inner(VIP6)), XDP_DROP, DecapCounter.DROPPED_SOURCE);
        run(tunnel("2001:db8::1", "2001:db8::11", inner(VIP6)), XDP_PASS, DecapCounter.DECAPSULATED_6IN6);
        run(tunnel("2001:db8::2", "2001:db8::11", inner(VIP6)), XDP_DROP, DecapCounter.DROPPED_SOURCE);
        run(tunnel("2001:db8::2", "2001:db8::11", inner(VIP4)), XDP_DROP, DecapCounter.DROPPED_SOURCE);
        // What is not for a VIP is nobody's business here.
        assertUntouched(tunnel("10.0.0.4", "10.0.0.11", inner("192.0.2.11")), DecapCounter.PASSED_NOT_VIP);
    }

    @Test
    void shouldTakeThoseOfEverySourceAgainWhenNoneIsNamed() throws Exception {
        maps.allow(List.of(IpPrefix.parse("10.0.0.0/30").orElseThrow()));
        assertEquals(List.of(IpPrefix.parse("10.0.0.0/30").orElseThrow()), maps.sources());
        maps.allow(List.of());
        assertEquals(List.of(), maps.sources());
        run(tunnel("10.0.0.4", "10.0.0.11", inner(VIP4)), XDP_PASS, DecapCounter.DECAPSULATED_4IN4);
    }

    private static Stream<Arguments> malformed() {
        byte[] frame4 = tunnel("10.0.0.1", "10.0.0.11", inner(VIP4));
        byte[] frame6 = tunnel("2001:db8::1", "2001:db8::11", inner(VIP6));
        return Stream.of(
                Arguments.of("IPv4 that ends in its header", first(frame4, 14 + 20 + 19)),
                Arguments.of("IPv6 that ends in its header", first(frame6, 14 + 40 + 39)),
                Arguments.of("IPv4 of version 6", with(frame4, 14 + 20, 0x65)),
                Arguments.of("IPv6 of version 4", with(frame6, 14 + 40, 0x45)),
                Arguments.of("IPv4 with a header of 16 octets", with(frame4, 14 + 20, 0x44)),
                Arguments.of("IPv4 that is longer than the frame", with(frame4, 14 + 20 + 2, 1)),
                Arguments.of("IPv6 that is longer than the frame", with(frame6, 14 + 40 + 4, 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void shouldDropWhatIsNotWhole(String what, byte[] frame) throws Exception {
        run(frame, XDP_DROP, DecapCounter.DROPPED_MALFORMED);
    }

    @Test
    void shouldForgetVips() throws Exception {
        maps.remove(address(VIP4));
        assertUntouched(tunnel("10.0.0.1", "10.0.0.11", inner(VIP4)), DecapCounter.PASSED_NOT_VIP);
    }
}
