package io.penstock.forwarder.xdp;

import static io.penstock.forwarder.xdp.PacketTables.ip;
import static io.penstock.forwarder.xdp.PacketTables.service;
import static io.penstock.forwarder.xdp.PacketTables.vip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.table.PacketService;
import io.penstock.forwarder.table.PacketVip;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VipEntriesTest {
    private static final int TCP = 6;

    @Test
    void shouldHaveAPortByItselfAndTheAddressOnce() {
        VipEntries entries = of(List.of(vip("192.0.2.10", 80, 80), vip("192.0.2.10", 443, 443)));

        assertEquals(
                List.of(
                        new VipEntry(ip("192.0.2.10"), 80, TCP, 0, 0, 0),
                        new VipEntry(ip("192.0.2.10"), 443, TCP, 0, 0, 0),
                        new VipEntry(ip("192.0.2.10"), 0, 0, 0, 0, 0)),
                entries.entries());
        assertEquals(List.of(), entries.troubles());
    }

    @Test
    void shouldJoinTheRangesOfAnAddressOfAllServices() {
        VipEntries entries = of(List.of(vip("192.0.2.10", 8000, 8099)), List.of(vip("192.0.2.10", 9000, 9099)));

        assertEquals(
                new VipEntry(ip("192.0.2.10"), 0, TCP, 0, 0, 2),
                entries.entries().get(0));
        assertEquals(List.of(new PortRange(8000, 8099, 0), new PortRange(9000, 9099, 1)), entries.ranges());
    }

    @Test
    void shouldHaveAnyPortWithoutARange() {
        VipEntries entries = of(List.of(PacketVip.anyPort(ip("2001:db8::1"))));

        assertEquals(
                new VipEntry(ip("2001:db8::1"), 0, TCP, 0, 0, 0),
                entries.entries().get(0));
        assertTrue(entries.ranges().isEmpty());
    }

    @Test
    void shouldHaveAnyPortBehindTheRangesOfOthers() {
        VipEntries entries = of(
                List.of(PacketVip.anyPort(ip("192.0.2.10"))),
                List.of(vip("192.0.2.10", 8000, 8099), vip("192.0.2.10", 80, 80)));

        assertEquals(List.of(new PortRange(8000, 8099, 1), new PortRange(0, 65_535, 0)), entries.ranges());
        assertEquals(3, entries.entries().size());
    }

    @Test
    void shouldSayWhichRangeIsOneTooMany() {
        List<PacketVip> vips = new ArrayList<>();
        for (int i = 0; i <= Abi.RANGES_PER_VIP; i++) {
            vips.add(vip("192.0.2.10", 1000 + 10 * i, 1005 + 10 * i));
        }

        VipEntries entries = of(vips);

        assertEquals(
                List.of("service s0: 192.0.2.10:1160-1165 is not served: an address has at most 16 ranges of ports,"
                        + " and there are at most 4096 of all"),
                entries.troubles());
        assertEquals(Abi.RANGES_PER_VIP, entries.ranges().size());
    }

    @Test
    void shouldSayWhichAddressesFindNoRoom() {
        List<PacketVip> vips = new ArrayList<>();
        for (int i = 0; i < Abi.MAX_VIPS / 2 + 3; i++) {
            vips.add(new PacketVip(io.penstock.net.IpAddress.ofIpv4(0x0a00_0001 + i), 80, 80));
        }

        VipEntries entries = of(vips);

        assertEquals(Abi.MAX_VIPS, entries.entries().size());
        assertEquals(3, entries.troubles().size());
        assertEquals(
                "service s0: 10.0.16.1:80 is not served: there is room for 8192 addresses and ports",
                entries.troubles().get(0));
    }

    @SafeVarargs
    private static VipEntries of(List<PacketVip>... services) {
        Map<Integer, PacketService> all = new TreeMap<>();
        for (int i = 0; i < services.length; i++) {
            all.put(i, service("s" + i, Encapsulation.L2, true, services[i]));
        }
        return VipEntries.of(all);
    }
}
