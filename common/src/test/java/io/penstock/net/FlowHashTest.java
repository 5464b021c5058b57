package io.penstock.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import com.google.common.hash.Hashing;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FlowHashTest {
    /** Key 00 01 … 0f of the reference implementation's vectors.h. */
    private static final FlowHash REFERENCE = new FlowHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    /** Entry n is the hash of 00 01 … n-1, octets in the order the reference prints them. */
    private static final String VECTORS = """
            310e0edd47db6f72 fd67dc93c539f874 5a4fa9d909806c0d 2d7efbd796666785
            b7877127e09427cf 8da699cd64557618 cee3fe586e46c9cb 37d1018bf50002ab
            6224939a79f5f593 b0e4a90bdf82009e f3b9dd94c5bb5d7a a7ad6b22462fb3f4
            fbe50e86bc8f1e75 903d84c02756ea14 eef27a8e90ca23f7 e545be4961ca29a1
            db9bc2577fcc2a3f 9447be2cf5e99a69 9cd38d96f0b3c14b bd6179a71dc96dbb
            98eea21af25cd6be c7673b2eb0cbf2d0 883ea3e395675393 c8ce5ccd8c030ca8
            94af49f6c650adb8 eab8858ade92e1bc f315bb5bb835d817 adcf6b0763612e2f
            a5c91da7acaa4dde 716595876650a2a6 28ef495c53a387ad 42c341d8fa92d832
            ce7cf2722f512771 e37859f94623f3a7 381205bb1ab0e012 ae97a10fd434e015
            b4a31508beff4d31 81396229f0907902 4d0cf49ee5d4dcca 5c73336a76d8bf9a
            d0a704536ba93e0e 925958fcd6420cad a915c29bc8067318 952b79f3bc0aa6d4
            f21df2e41d4535f9 87577519048f53a9 10a56cf5dfcd9adb eb75095ccd986cd0
            51a9cb9ecba312e6 96afadfc2ce666c7 72fe52975a4364ee 5a1645b276d592a1
            b274cb8ebf87870a 6f9bb4203de7b381 eaecb2a30b22a87f 9924a43cc1315724
            bd838d3aafbf8db7 0b1a2a3265d51aea 135079a3231ce660 932b2846e4d70666
            e1915f5cb1eca46c f325965ca16d629f 575ff28e60381be5 724506eb4c328a95
            """;

    @Test
    void shouldMatchTheReferenceVectorsWhenKeyIsTheReferenceKey() {
        List<String> vectors = Splitter.onPattern("\\s+").omitEmptyStrings().splitToList(VECTORS);
        assertEquals(64, vectors.size());
        for (int length = 0; length < vectors.size(); length++) {
            assertEquals(vectors.get(length), hex(REFERENCE.ofBytes(counting(length))), "length " + length);
        }
    }

    @Test
    void shouldMatchTheReferenceVectorWhenSourceIsItsSixteenOctets() {
        assertEquals("db9bc2577fcc2a3f", hex(REFERENCE.ofSource(0x0001020304050607L, 0x08090a0b0c0d0e0fL)));
    }

    @Test
    void shouldMatchTheReferenceVectorWhenFlowIsItsThirtySevenOctets() {
        long hash = REFERENCE.ofFlow(
                0x0001020304050607L,
                0x08090a0b0c0d0e0fL,
                0x2021,
                0x1011121314151617L,
                0x18191a1b1c1d1e1fL,
                0x2223,
                0x24);

        assertEquals("81396229f0907902", hex(hash));
    }

    @Test
    void shouldMatchTheReferenceVectorWhenFlowOfIpv4IsItsThirteenOctets() {
        long hash = REFERENCE.ofFlow(0, 0xffff_0001_0203L, 0x0809, 0, 0xffff_0405_0607L, 0x0a0b, 0x0c);

        assertEquals("903d84c02756ea14", hex(hash));
    }

    @Property
    void shouldAgreeWithGuavaWhenBytesAreAnyBytes(
            @ForAll long k0, @ForAll long k1, @ForAll @Size(max = 300) byte[] bytes) {
        assertEquals(guava(k0, k1, bytes), new FlowHash(k0, k1).ofBytes(bytes));
    }

    @Property
    void shouldHashTheAddressInNetworkOrderWhenAskedForASource(
            @ForAll long k0, @ForAll long k1, @ForAll long high, @ForAll long low) {
        byte[] octets = ByteBuffer.allocate(16).putLong(high).putLong(low).array();

        assertEquals(guava(k0, k1, octets), new FlowHash(k0, k1).ofSource(high, low));
    }

    @Property
    void shouldHashTheDocumentedLayoutWhenAskedForAFlow(
            @ForAll long key,
            @ForAll long srcHigh,
            @ForAll long srcLow,
            @ForAll @IntRange(max = 65_535) int srcPort,
            @ForAll long dstHigh,
            @ForAll long dstLow,
            @ForAll @IntRange(max = 65_535) int dstPort,
            @ForAll @IntRange(max = 255) int protocol) {
        byte[] octets = ByteBuffer.allocate(37)
                .putLong(srcHigh)
                .putLong(srcLow)
                .putLong(dstHigh)
                .putLong(dstLow)
                .putShort((short) srcPort)
                .putShort((short) dstPort)
                .put((byte) protocol)
                .array();

        assertEquals(
                guava(key, ~key, octets),
                new FlowHash(key, ~key).ofFlow(srcHigh, srcLow, srcPort, dstHigh, dstLow, dstPort, protocol));
    }

    @Property
    void shouldHashTheDocumentedLayoutWhenAskedForAFlowOfIpv4(
            @ForAll long key,
            @ForAll int source,
            @ForAll @IntRange(max = 65_535) int srcPort,
            @ForAll int destination,
            @ForAll @IntRange(max = 65_535) int dstPort,
            @ForAll @IntRange(max = 255) int protocol) {
        byte[] octets = ByteBuffer.allocate(13)
                .putInt(source)
                .putInt(destination)
                .putShort((short) srcPort)
                .putShort((short) dstPort)
                .put((byte) protocol)
                .array();

        assertEquals(
                guava(key, ~key, octets),
                new FlowHash(key, ~key).ofFlow(0, mapped(source), srcPort, 0, mapped(destination), dstPort, protocol));
    }

    private static long mapped(int ipv4) {
        return 0xffffL << 32 | (ipv4 & 0xffff_ffffL);
    }

    /** The mean of 20,000 samples has a deviation of 0.03 bits. */
    @Test
    void shouldFlipHalfOfTheBitsWhenOnePortBitChanges() {
        int samples = 20_000;
        long flipped = 0;
        for (int i = 0; i < samples; i++) {
            int port = i & 0xffff;
            long before = REFERENCE.ofFlow(0, i, port, 0, 1, 443, 6);
            flipped += Long.bitCount(before ^ REFERENCE.ofFlow(0, i, port ^ (1 << (i & 15)), 0, 1, 443, 6));
        }
        assertEquals(32.0, (double) flipped / samples, 0.2);
    }

    @Test
    void shouldSpreadEvenlyWhenOnlyTheLastAddressBitsDiffer() {
        int buckets = 256;
        int samples = 1 << 18;
        int[] counts = new int[buckets];
        for (int i = 0; i < samples; i++) {
            counts[(int) (REFERENCE.ofSource(0x2001_0db8_0000_0000L, i) >>> 56)]++;
        }
        double expected = (double) samples / buckets;
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += (count - expected) * (count - expected) / expected;
        }
        // 255 degrees of freedom: mean 255, deviation 22.6; five deviations.
        assertTrue(chiSquare < 368, "chi-square " + chiSquare);
    }

    @Test
    void shouldAllocateNothingWhenWarm() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = hashMany(200_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        sum ^= hashMany(200_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertEquals(0, sum); // and the loops cannot be optimised away
        assertTrue(allocated < 10_000, "allocated " + allocated + " bytes in 400,000 hashes");
    }

    private static long hashMany(int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += REFERENCE.ofFlow(1, i, i, 2, 3, 443, 6) ^ REFERENCE.ofSource(i, 1);
        }
        return sum;
    }

    private static long guava(long k0, long k1, byte[] octets) {
        return Hashing.sipHash24(k0, k1).hashBytes(octets).asLong();
    }

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static String hex(long hash) {
        return HexFormat.of().toHexDigits(Long.reverseBytes(hash));
    }
}
