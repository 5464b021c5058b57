package io.penstock.forwarder.xdp;

import io.penstock.forwarder.balance.Selection;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One half of the map {@code vips}: open addressing, linear, in which no search is longer than {@link Abi#VIP_PROBES}. A search ends at
 * a slot that is not in use, or after so many. Immutable.
 *
 * <pre>
 * struct vip {
 *     struct address address;   0       __u32 service;      20
 *     __be16 port;             16       __u32 first_range;  24
 *     __u8 protocol;           18       __u32 ranges;       28
 *     __u8 flags;              19  };                  size 32
 * </pre>
 */
final class VipTable {
    static final int SLOT_BYTES = 32;

    private static final int PORT = 16;
    private static final int PROTOCOL = 18;
    private static final int FLAGS = 19;
    private static final int SERVICE = 20;
    private static final int FIRST_RANGE = 24;
    private static final int RANGES = 28;

    private static final int USED = 1;
    private static final int HAS_RANGES = 2;

    /** Of four slots one is in use at most: nearly every seed does. */
    private static final int SEEDS_MAX = 256;

    private final long seed;
    private final VipEntry[] slots;

    private VipTable(long seed, VipEntry[] slots) {
        this.seed = seed;
        this.slots = slots;
    }

    /**
     * With this seed if it can be, so that readers that see the seed of one table and the half of another still find what is in both.
     *
     * @param entries all different, at most {@link Abi#MAX_VIPS}
     */
    static VipTable of(List<VipEntry> entries, long preferredSeed) {
        long seed = preferredSeed;
        for (int i = 0; i < SEEDS_MAX; i++) {
            Optional<VipTable> table = place(entries, seed);
            if (table.isPresent()) {
                return table.get();
            }
            seed = Selection.mix(seed + 1);
        }
        throw new IllegalStateException(entries.size() + " addresses find no place with " + SEEDS_MAX + " seeds");
    }

    private static Optional<VipTable> place(List<VipEntry> entries, long seed) {
        VipEntry[] slots = new VipEntry[Abi.VIP_SLOTS];
        for (VipEntry entry : entries) {
            int slot = entry.firstSlot(seed);
            int probes = 1;
            while (slots[slot] != null && probes < Abi.VIP_PROBES) {
                slot = (slot + 1) & (Abi.VIP_SLOTS - 1);
                probes++;
            }
            if (slots[slot] != null) {
                return Optional.empty();
            }
            slots[slot] = entry;
        }
        return Optional.of(new VipTable(seed, slots));
    }

    long seed() {
        return seed;
    }

    /** What is in a slot, or null. */
    VipEntry at(int slot) {
        return slots[slot];
    }

    /**
     * Writes all slots of a half.
     *
     * @param rangesBase where the ranges of this half begin
     */
    void put(MutableDirectBuffer buffer, int firstSlot, int rangesBase) {
        for (int i = 0; i < slots.length; i++) {
            int at = (firstSlot + i) * SLOT_BYTES;
            VipEntry entry = slots[i];
            if (entry == null) {
                buffer.setMemory(at, SLOT_BYTES, (byte) 0);
            } else {
                put(buffer, at, entry, rangesBase);
            }
        }
    }

    private static void put(MutableDirectBuffer buffer, int at, VipEntry entry, int rangesBase) {
        Addresses16.put(buffer, at, entry.address());
        buffer.putShort(at + PORT, (short) entry.port(), ByteOrder.BIG_ENDIAN);
        buffer.putByte(at + PROTOCOL, (byte) entry.protocol());
        buffer.putByte(at + FLAGS, (byte) (USED | (entry.ranges() > 0 ? HAS_RANGES : 0)));
        buffer.putInt(at + SERVICE, entry.service());
        buffer.putInt(at + FIRST_RANGE, entry.ranges() > 0 ? rangesBase + entry.firstRange() : 0);
        buffer.putInt(at + RANGES, entry.ranges());
    }

    /** What is in a half; the ranges are counted from the beginning of their map. */
    static List<VipEntry> read(DirectBuffer buffer, int firstSlot) {
        List<VipEntry> entries = new ArrayList<>();
        for (int i = 0; i < Abi.VIP_SLOTS; i++) {
            int at = (firstSlot + i) * SLOT_BYTES;
            if ((buffer.getByte(at + FLAGS) & USED) != 0) {
                entries.add(new VipEntry(
                        Addresses16.get(buffer, at),
                        Short.toUnsignedInt(buffer.getShort(at + PORT, ByteOrder.BIG_ENDIAN)),
                        Byte.toUnsignedInt(buffer.getByte(at + PROTOCOL)),
                        buffer.getInt(at + SERVICE),
                        buffer.getInt(at + FIRST_RANGE),
                        buffer.getInt(at + RANGES)));
            }
        }
        return entries;
    }
}
