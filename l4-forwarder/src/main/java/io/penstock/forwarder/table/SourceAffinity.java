package io.penstock.forwarder.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which backend each source of a pool went to last. Bounded, and shared by all workers: an array of entries of one word,
 * each changed by compare-and-set, in sets of eight of which a source's hash chooses one. When its set is full, the source
 * that came longest ago is forgotten. Lives as long as the pool is known, over all tables.
 *
 * <pre>
 *   63      40 39      16 15       0
 *   tag        last used  serial + 1      0 when empty
 * </pre>
 *
 * Two sources of one set with the same tag share an entry: a chance of one in two million for a source that comes anew, and
 * nothing worse than another backend than the policy's. A thread that loses a race against others a few times in a row
 * leaves its source unremembered.
 */
public final class SourceAffinity {
    /** Returned when the source is not known, or came too long ago. */
    public static final int NONE = -1;

    /** Backends have two octets, one value of which means an empty entry. */
    public static final int MAX_SERIAL = 0xfffe;

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int WAYS = 8;
    private static final int MAX_TRIES = 4;
    private static final int TIME_SHIFT = 16;
    private static final int TAG_SHIFT = 40;
    private static final int TIME_MASK = 0xff_ffff;

    /** A unit of time is so small a part of the timeout: times wrap around after 65,536 timeouts. */
    private static final int UNITS_PER_TIMEOUT = 256;

    /** What a worker's clock may be behind that of the one that wrote an entry. */
    private static final int SKEW = UNITS_PER_TIMEOUT;

    private final long[] entries;
    private final int sets;
    private final long unitNs;

    /**
     * Room for twice as many sources as asked for, 16 octets each, so that sets rarely fill before the whole does: of so
     * many sources, 99 in 100 are remembered.
     *
     * @param sources 1 to 2^27
     * @param timeoutNs since a source's last connection began, at least 256; forgotten within 1/128 more
     */
    public SourceAffinity(int sources, long timeoutNs) {
        sets = (int) ((2L * sources + WAYS - 1) / WAYS);
        entries = new long[sets * WAYS];
        unitNs = Math.max(1, (timeoutNs + UNITS_PER_TIMEOUT - 1) / UNITS_PER_TIMEOUT);
    }

    /**
     * The serial number of the source's backend, or {@link #NONE}.
     *
     * @param hash keyed, of the source
     */
    public int find(long hash, long nowNs) {
        int first = firstOf(hash);
        long tag = tag(hash);
        int now = time(nowNs);
        for (int i = first; i < first + WAYS; i++) {
            long entry = (long) ENTRY.getOpaque(entries, i);
            if (isOf(entry, tag) && age(entry, now) <= SKEW + UNITS_PER_TIMEOUT) {
                return serial(entry);
            }
        }
        return NONE;
    }

    /** The source's backend from now on. */
    public void remember(long hash, int serial, long nowNs) {
        int now = time(nowNs);
        long wanted = (tag(hash) << TAG_SHIFT) | ((long) now << TIME_SHIFT) | (serial + 1);
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            int place = placeFor(hash, now);
            long entry = (long) ENTRY.getOpaque(entries, place);
            if (entry == wanted || ENTRY.compareAndSet(entries, place, entry, wanted)) {
                return;
            }
        }
    }

    /** The source's own entry, or else an empty one, or else the oldest. */
    private int placeFor(long hash, int now) {
        int first = firstOf(hash);
        long tag = tag(hash);
        int oldest = first;
        int oldestAge = -1;
        for (int i = first; i < first + WAYS; i++) {
            long entry = (long) ENTRY.getOpaque(entries, i);
            if (isOf(entry, tag)) {
                return i;
            }
            int age = entry == 0 ? Integer.MAX_VALUE : age(entry, now);
            if (age > oldestAge) {
                oldest = i;
                oldestAge = age;
            }
        }
        return oldest;
    }

    private int firstOf(long hash) {
        return (int) (((hash >>> 32) * sets) >>> 32) * WAYS;
    }

    private static long tag(long hash) {
        return hash & 0xff_ffff;
    }

    private int time(long nowNs) {
        return (int) Math.floorDiv(nowNs, unitNs) & TIME_MASK;
    }

    private static boolean isOf(long entry, long tag) {
        return entry != 0 && entry >>> TAG_SHIFT == tag;
    }

    /** In units, and {@link #SKEW} more, so that what is just ahead of this clock is no great age. */
    private static int age(long entry, int now) {
        return (now + SKEW - (int) (entry >>> TIME_SHIFT)) & TIME_MASK;
    }

    private static int serial(long entry) {
        return (int) (entry & 0xffff) - 1;
    }
}
