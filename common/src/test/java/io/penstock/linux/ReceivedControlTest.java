package io.penstock.linux;

import static io.penstock.linux.SocketConstants.IPPROTO_IP;
import static io.penstock.linux.SocketConstants.IPPROTO_IPV6;
import static io.penstock.linux.SocketConstants.IPV6_PKTINFO;
import static io.penstock.linux.SocketConstants.IPV6_TCLASS;
import static io.penstock.linux.SocketConstants.IP_PKTINFO;
import static io.penstock.linux.SocketConstants.IP_TOS;
import static io.penstock.linux.SocketConstants.SOL_UDP;
import static io.penstock.linux.SocketConstants.UDP_GRO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;

/** Through memory; {@link UdpControlKernelFactsTest} and {@link UdpOffloadKernelFactsTest} hold the layout against the kernel. */
class ReceivedControlTest {
    private static final int OFFSET = 8;
    private static final int SPACE = 64;

    private final ReceivedControl control = new ReceivedControl();

    /** One control message, octet by octet; its length may be a lie. */
    private static byte[] block(int level, int type, long claimed, byte... data) {
        return ByteBuffer.allocate(16 + (data.length + 7) / 8 * 8)
                .order(ByteOrder.nativeOrder())
                .putLong(claimed)
                .putInt(level)
                .putInt(type)
                .put(data)
                .array();
    }

    private static byte[] block(int level, int type, byte... data) {
        return block(level, type, 16L + data.length, data);
    }

    @Provide
    Arbitrary<byte[]> blocks() {
        Arbitrary<Integer> levels = Arbitraries.of(IPPROTO_IP, IPPROTO_IPV6, SOL_UDP, 1);
        Arbitrary<Integer> types = Arbitraries.of(IP_TOS, IP_PKTINFO, IPV6_PKTINFO, IPV6_TCLASS, UDP_GRO, 2);
        Arbitrary<byte[]> data = Arbitraries.bytes().array(byte[].class).ofMaxSize(24);
        Arbitrary<Long> lies =
                Arbitraries.oneOf(Arbitraries.longs(), Arbitraries.longs().between(0, 80));
        Arbitrary<byte[]> honest = Combinators.combine(levels, types, data).as(ReceivedControlTest::block);
        Arbitrary<byte[]> lying = Combinators.combine(levels, types, lies, data).as(ReceivedControlTest::block);
        return Arbitraries.frequencyOf(Tuple.of(9, honest), Tuple.of(1, lying));
    }

    /** What lies behind the end is seen in what comes out, were it read; and the buffer's bounds are checked. */
    @Property
    void shouldReadNothingBehindTheEnd(@ForAll @Size(max = 6) List<@From("blocks") byte[]> blocks) {
        byte[] octets = join(blocks);
        for (int length = 0; length <= octets.length; length++) {
            assertEquals(read(octets, length, (byte) 0), read(octets, length, (byte) 0xff));
        }
    }

    @Property
    void shouldReadAnyOctets(@ForAll @Size(max = 200) byte[] octets) {
        assertEquals(read(octets, octets.length, (byte) 0), read(octets, octets.length, (byte) 0xff));
        assertTrue(control.trafficClass() >= 0 && control.trafficClass() <= 255);
    }

    /** The last of each kind counts, as long as all before are whole. */
    @Property
    void shouldReadWhatStandsInWholeBlocks(@ForAll byte tos, @ForAll int segment, @ForAll long high, @ForAll long low) {
        byte[] octets = join(List.of(
                block(1, 2, new byte[3]),
                block(SOL_UDP, UDP_GRO, ints(segment)),
                block(IPPROTO_IPV6, IPV6_PKTINFO, pktinfo6(high, low)),
                block(IPPROTO_IP, IP_TOS, new byte[] {tos})));
        read(octets, octets.length, (byte) 0);
        assertEquals(tos & 0xff, control.trafficClass());
        assertEquals(segment, control.segmentBytes());
        assertTrue(control.hasDestination());
        assertEquals(high, control.destinationHigh());
        assertEquals(low, control.destinationLow());
    }

    @Example
    void shouldPreferSpecDstOfIpv4InEitherOrder() {
        byte[] ipv6 = block(
                IPPROTO_IPV6,
                IPV6_PKTINFO,
                pktinfo6(0, IpAddress.ofIpv4(0x0a0100ff).low()));
        byte[] info = {1, 0, 0, 0, 10, 1, 0, 1, 10, 1, 0, (byte) 255};
        byte[] ipv4 = block(IPPROTO_IP, IP_PKTINFO, info);
        for (List<byte[]> blocks : List.of(List.of(ipv6, ipv4), List.of(ipv4, ipv6))) {
            byte[] octets = join(blocks);
            read(octets, octets.length, (byte) 0);
            assertEquals(
                    IpAddress.ofIpv4(0x0a010001), new IpAddress(control.destinationHigh(), control.destinationLow()));
        }
    }

    @Example
    void shouldForgetTheDatagramBefore() {
        byte[] octets = join(List.of(block(SOL_UDP, UDP_GRO, ints(9)), block(IPPROTO_IPV6, IPV6_TCLASS, ints(7))));
        read(octets, octets.length, (byte) 0);
        assertEquals(7, control.trafficClass());
        read(octets, 0, (byte) 0);
        assertEquals(0, control.trafficClass());
        assertEquals(0, control.segmentBytes());
        assertFalse(control.hasDestination());
    }

    private List<Object> read(byte[] octets, int length, byte behind) {
        byte[] memory = new byte[OFFSET + length + SPACE];
        Arrays.fill(memory, behind);
        System.arraycopy(octets, 0, memory, OFFSET, length);
        control.read(new UnsafeBuffer(memory), OFFSET, length);
        return List.of(
                control.segmentBytes(),
                control.trafficClass(),
                control.hasDestination(),
                control.destinationHigh(),
                control.destinationLow());
    }

    private static byte[] join(List<byte[]> blocks) {
        ByteBuffer all = ByteBuffer.allocate(blocks.size() * SPACE);
        blocks.forEach(all::put);
        return Arrays.copyOf(all.array(), all.position());
    }

    private static byte[] ints(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }

    private static byte[] pktinfo6(long high, long low) {
        return ByteBuffer.allocate(20).putLong(high).putLong(low).array();
    }
}
