package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class VipTableTest {
    private static final int TCP = 6;

    @Test
    void shouldFindEveryEntryWithinTheProgramsProbesWhenFull() {
        for (long seed = 0; seed < 8; seed++) {
            List<VipEntry> entries = entries(Abi.MAX_VIPS, new SplittableRandom(seed));

            VipTable table = VipTable.of(entries, seed);

            for (VipEntry entry : entries) {
                assertEquals(entry, find(table, entry.address(), entry.port(), entry.protocol()));
            }
        }
    }

    @Test
    void shouldFindNothingElse() {
        VipTable table = VipTable.of(entries(Abi.MAX_VIPS, new SplittableRandom(1)), 0);

        for (VipEntry other : entries(10_000, new SplittableRandom(2))) {
            assertNull(find(table, other.address(), other.port(), 17));
        }
    }

    @Test
    void shouldKeepTheSeedWhileItDoes() {
        List<VipEntry> entries = entries(100, new SplittableRandom(3));

        assertEquals(42, VipTable.of(entries, 42).seed());
    }

    @Test
    void shouldTakeAnotherSeedWhenTooManyBeginAtOneSlot() {
        List<VipEntry> crowd = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(4);
        while (crowd.size() <= Abi.VIP_PROBES) {
            VipEntry entry = entries(1, random).get(0);
            if (entry.firstSlot(0) < 16) {
                crowd.add(entry);
            }
        }
        // All of them within the first 16 slots, from which 16 probes reach 31: fill these up first.
        List<VipEntry> all = new ArrayList<>(crowd);
        while (all.size() < 60) {
            VipEntry entry = entries(1, random).get(0);
            if (entry.firstSlot(0) < 32) {
                all.add(entry);
            }
        }

        VipTable table = VipTable.of(all, 0);

        assertTrue(table.seed() != 0);
        all.forEach(entry -> assertNotNull(find(table, entry.address(), entry.port(), entry.protocol())));
    }

    @Test
    void shouldWriteSlotsAsTheProgramReadsThem() {
        VipEntry exact = new VipEntry(PacketTables.ip("192.0.2.10"), 0x1234, TCP, 7, 0, 0);
        VipEntry ranged = new VipEntry(PacketTables.ip("2001:db8::1"), 0, 17, 0, 3, 2);
        VipTable table = VipTable.of(List.of(exact, ranged), 9);
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[2 * Abi.VIP_SLOTS * VipTable.SLOT_BYTES]);

        table.put(buffer, Abi.VIP_SLOTS, 4096);

        int at = (Abi.VIP_SLOTS + exact.firstSlot(9)) * VipTable.SLOT_BYTES;
        assertEquals(
                "00000000000000000000ffffc000020a" + "1234" + "06" + "01" + "07000000" + "00000000" + "00000000",
                hex(buffer, at, VipTable.SLOT_BYTES));
        at = (Abi.VIP_SLOTS + ranged.firstSlot(9)) * VipTable.SLOT_BYTES;
        assertEquals(
                "20010db8000000000000000000000001" + "0000" + "11" + "03" + "00000000" + "03100000" + "02000000",
                hex(buffer, at, VipTable.SLOT_BYTES));
        assertEquals("00".repeat(VipTable.SLOT_BYTES), hex(buffer, 0, VipTable.SLOT_BYTES));
    }

    @Test
    void shouldReadWhatIsInAHalf() {
        VipEntry exact = new VipEntry(PacketTables.ip("192.0.2.10"), 0xf234, TCP, 7, 0, 0);
        VipEntry ranged = new VipEntry(PacketTables.ip("2001:db8::1"), 0, 17, 0, 3, 2);
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[2 * Abi.VIP_SLOTS * VipTable.SLOT_BYTES]);
        VipTable.of(List.of(exact, ranged), 9).put(buffer, Abi.VIP_SLOTS, 4096);

        assertEquals(List.of(), VipTable.read(buffer, 0));
        assertEquals(
                Set.of(exact, new VipEntry(ranged.address(), 0, 17, 0, 4099, 2)),
                Set.copyOf(VipTable.read(buffer, Abi.VIP_SLOTS)));
    }

    /** As vip.h does. */
    private static VipEntry find(VipTable table, IpAddress address, int port, int protocol) {
        VipEntry key = new VipEntry(address, port, protocol, 0, 0, 0);
        int first = key.firstSlot(table.seed());
        for (int i = 0; i < Abi.VIP_PROBES; i++) {
            VipEntry entry = table.at((first + i) % Abi.VIP_SLOTS);
            if (entry == null) {
                return null;
            }
            if (entry.address().equals(address) && entry.port() == port && entry.protocol() == protocol) {
                return entry;
            }
        }
        return null;
    }

    private static List<VipEntry> entries(int count, SplittableRandom random) {
        List<VipEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            IpAddress address = random.nextBoolean()
                    ? IpAddress.ofIpv4(0xc000_0200 + random.nextInt(1 << 20))
                    : new IpAddress(0x20010db8_00000000L, random.nextLong());
            entries.add(new VipEntry(address, 1 + random.nextInt(65_535), TCP, i % Abi.MAX_SERVICES, 0, 0));
        }
        return entries.stream().distinct().toList();
    }

    private static String hex(UnsafeBuffer buffer, int at, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(Character.forDigit((buffer.getByte(at + i) >> 4) & 0xf, 16))
                    .append(Character.forDigit(buffer.getByte(at + i) & 0xf, 16));
        }
        return text.toString();
    }
}
