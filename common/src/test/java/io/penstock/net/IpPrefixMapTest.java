package io.penstock.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class IpPrefixMapTest {
    record Entry(IpPrefix prefix, int value) {}

    /** From few addresses, so that prefixes nest, touch and repeat; the ends of the address space among them. */
    @Provide
    static Arbitrary<List<Entry>> entries() {
        Arbitrary<Long> half = Arbitraries.of(
                0L,
                1L,
                2L,
                -1L,
                -2L,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                0xffff_0000_0000L,
                0x2000_0000_0000_0000L,
                0x2001_0db8_0000_0000L,
                0x3fff_ffff_ffff_ffffL);
        Arbitrary<IpPrefix> ipv6 = Combinators.combine(
                        half, half, Arbitraries.integers().between(0, 128))
                .as(Prefixes::of);
        Arbitrary<IpPrefix> ipv4 = Combinators.combine(
                        Arbitraries.of(0, 1, 2, 3, -1, -2, Integer.MIN_VALUE, 0x0a00_0000, 0x0a00_ffff),
                        Arbitraries.integers().between(0, 32))
                .as(Prefixes::ofIpv4);
        return Combinators.combine(
                        Arbitraries.oneOf(ipv4, ipv6), Arbitraries.integers().between(1, 3))
                .as(Entry::new)
                .list()
                .ofMaxSize(40);
    }

    @Property
    void shouldFindTheLongestPrefixAsASearchOfAllDoes(@ForAll("entries") List<Entry> entries) {
        IpPrefixMap map = build(entries);
        for (Entry entry : entries) {
            long high = entry.prefix().first().high();
            long low = entry.prefix().first().low();
            long lastHigh = high | ~IpPrefix.highMask(entry.prefix().bits());
            long lastLow = low | ~IpPrefix.lowMask(entry.prefix().bits());
            assertAgrees(map, entries, high, low);
            assertAgrees(map, entries, low == 0 ? high - 1 : high, low - 1);
            assertAgrees(map, entries, lastHigh, lastLow);
            assertAgrees(map, entries, lastLow == -1 ? lastHigh + 1 : lastHigh, lastLow + 1);
        }
        assertTrue(map.ranges() <= 2 * entries.size() + 2, map.ranges() + " ranges");
    }

    private static IpPrefixMap build(List<Entry> entries) {
        IpPrefixMapBuilder builder = new IpPrefixMapBuilder();
        entries.forEach(entry -> builder.add(entry.prefix(), entry.value()));
        return builder.build();
    }

    private static void assertAgrees(IpPrefixMap map, List<Entry> entries, long high, long low) {
        Entry longest = null;
        for (Entry entry : entries) {
            if (entry.prefix().contains(high, low)
                    && (longest == null
                            || entry.prefix().bits() >= longest.prefix().bits())) {
                longest = entry;
            }
        }
        int expected = longest == null ? IpPrefixMap.NONE : longest.value();
        assertEquals(expected, map.get(high, low), () -> new IpAddress(high, low) + " of " + entries);
    }

    @Test
    void shouldKnowNobodyWhenItIsEmpty() {
        assertTrue(new IpPrefixMapBuilder().build().isEmpty());
        assertTrue(IpPrefixMap.EMPTY.isEmpty());
        assertEquals(IpPrefixMap.NONE, IpPrefixMap.EMPTY.get(0, 0));
        assertEquals(IpPrefixMap.NONE, IpPrefixMap.EMPTY.get(-1, -1));
    }

    @Test
    void shouldSayWhichPrefixesAreRepeated() {
        IpPrefixMapBuilder builder = new IpPrefixMapBuilder();
        assertArrayEquals(new int[0], builder.add(IpPrefix.ALL_IPV4, 1).repeated());
        builder.add(Prefixes.ofIpv4(5, 32), 2).add(IpPrefix.ALL_IPV4, 3).add(Prefixes.ofIpv4(5, 32), 4);
        builder.add(Prefixes.ofIpv4(5, 32), 5).add(Prefixes.of(0, 0, 0), 6);
        assertArrayEquals(new int[] {2, 3, 4}, builder.repeated());
        IpPrefixMap map = builder.build();
        assertEquals(5, map.get(0, IpAddress.ofIpv4(5).low()));
        assertEquals(3, map.get(0, IpAddress.ofIpv4(6).low()));
        assertEquals(6, map.get(1, 0));
    }

    @Test
    void shouldJoinNeighboursOfOneValue() {
        IpPrefixMapBuilder builder = new IpPrefixMapBuilder();
        for (int i = 0; i < 256; i++) {
            builder.add(Prefixes.ofIpv4(i << 24, 8), 7);
        }
        IpPrefixMap map = builder.build();
        assertEquals(2, map.ranges(), "all of IPv4, and what lies behind it");
        assertEquals(7, map.get(0, IpAddress.ofIpv4(-1).low()));
        assertEquals(IpPrefixMap.NONE, map.get(0, 0));
    }

    @Test
    void shouldHoldTheLargestValueAndRefuseOthers() {
        IpPrefixMapBuilder builder = new IpPrefixMapBuilder();
        IpPrefix all = Prefixes.of(0, 0, 0);
        assertEquals(
                IpPrefixMap.MAX_VALUE,
                builder.add(all, IpPrefixMap.MAX_VALUE).build().get(1, 1));
        assertThrows(IllegalArgumentException.class, () -> builder.add(all, 0));
        assertThrows(IllegalArgumentException.class, () -> builder.add(all, IpPrefixMap.MAX_VALUE + 1));
    }

    @Test
    void shouldFindEachOfAMillionAndAllocateNothing() {
        int count = 1_000_000;
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(1));
        IpPrefixMapBuilder builder = new IpPrefixMapBuilder();
        order.forEach(i -> builder.add(Prefixes.ofIpv4(i << 12, 24), 1 + i % 1000));
        IpPrefixMap map = builder.build();
        assertFalse(map.isEmpty());
        assertEquals(0, wrong(map, count));

        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        wrong(map, count);
        assertTrue(thread.getCurrentThreadAllocatedBytes() - before < 10_000);
    }

    /** How many look-ups of the two sides of each prefix's end go wrong. */
    private static int wrong(IpPrefixMap map, int count) {
        int wrong = 0;
        for (int i = 0; i < count; i++) {
            long last = 0xffff_0000_0000L | Integer.toUnsignedLong((i << 12) + 255);
            wrong += map.get(0, last) == 1 + i % 1000 && map.get(0, last + 1) == IpPrefixMap.NONE ? 0 : 1;
        }
        return wrong;
    }
}
