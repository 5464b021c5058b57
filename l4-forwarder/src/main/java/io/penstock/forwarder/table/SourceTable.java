package io.penstock.forwarder.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections that each source has open, and its token bucket. Bounded, and shared by all workers: entries of two words
 * in sets of eight, of which a source's hash chooses one. Lives over all tables. Safe from any thread, without locks.
 *
 * <pre>
 *   63            24  23     22          0        63      56 55                        0
 *   tag            claimed   connections          mark       when its bucket is full
 * </pre>
 *
 * <p>An entry is found by its tag, all zeros when empty. One with connections stays; of those without, the one whose bucket
 * was or will be full first gives way. When all eight have connections, the source comes in untracked.
 *
 * <p>The second word is touched only by who holds a connection of its entry, so the entry cannot change hands meanwhile. A
 * mark that differs was left by the one before: a full bucket; one time in 256 it does not, and what that one owed is inherited.
 *
 * <p>No source has two entries, or it would have two limits. Who adds one (1) claims a place, with a number of its own
 * instead of connections, then (2) looks at the rest of the set, breaks other claims to the same tag, and gives up if it is
 * there, then (3) makes the claim an entry, which fails if the claim was broken. Of two that do so at once in different
 * places, the one whose claim came first is seen, and broken, by the other's (2), or else is an entry by then.
 */
public final class SourceTable {
    /** Let in, though there was no entry for it; nothing is to be left. */
    public static final int UNTRACKED = -1;

    /** It has as many connections as it may. */
    public static final int TOO_MANY = -2;

    /** Its bucket is empty. */
    public static final int TOO_FAST = -3;

    /** Times of buckets are counted in so many nanoseconds; intervals are to be multiples. */
    public static final int UNIT_NS = 16;

    /** Per source: as many as the first word can count. */
    public static final int MAX_CONNECTIONS = (1 << 23) - 1;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int WAYS = 8;
    private static final int WORDS_PER_SET = 2 * WAYS;

    /** Others came first so often that the source is let in untracked. */
    private static final int MAX_TRIES = 64;

    private static final int NONE = -1;
    private static final int OVERTAKEN = -4;

    private static final int TAG_SHIFT = 24;
    private static final long CLAIMED = 1L << 23;
    private static final long CONNECTIONS = CLAIMED - 1;
    private static final int UNIT_SHIFT = 4;
    private static final int MARK_SHIFT = 56;
    private static final int MARK_HASH_SHIFT = 40;
    private static final long FULL_AT = (1L << MARK_SHIFT) - 1;

    private final long[] words;
    private final int sets;
    private final long startNs;
    private final AtomicInteger claims = new AtomicInteger();

    /**
     * Room for twice as many sources as asked for, 16 octets each, so that sets rarely fill before the whole does.
     *
     * @param sources 1 to 2^26
     */
    public SourceTable(int sources, long nowNs) {
        sets = (int) ((2L * sources + WAYS - 1) / WAYS);
        words = new long[sets * WORDS_PER_SET];
        startNs = nowNs;
    }

    /**
     * Counts one more connection of a source: its entry, with which {@link #leave} follows, or {@link #UNTRACKED}, {@link
     * #TOO_MANY} or {@link #TOO_FAST}.
     *
     * @param hash keyed, of the source
     * @param limit of its connections, at most {@link #MAX_CONNECTIONS}
     * @param rate null for none; its interval a multiple of {@link #UNIT_NS}
     */
    int enter(long hash, int limit, TokenRate rate, long nowNs) {
        // One bit is always set: an entry without connections is not empty.
        long tag = (hash << TAG_SHIFT) | (1L << TAG_SHIFT);
        int first = firstOf(hash);
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            int at = find(first, tag);
            int result = at == NONE ? tryAdd(first, tag) : tryCount(at, tag, limit);
            if (result >= 0) {
                return rate == null ? result : charge(result, hash, rate, nowNs);
            }
            if (result != OVERTAKEN) {
                return result;
            }
        }
        return UNTRACKED;
    }

    /** One connection fewer; of an entry that {@link #enter} returned. */
    void leave(int entry) {
        WORD.getAndAdd(words, entry, -1L);
    }

    private int find(int first, long tag) {
        for (int i = first; i < first + WAYS; i++) {
            long entry = word(i);
            if (isOf(entry, tag) && !isClaimed(entry)) {
                return i;
            }
        }
        return NONE;
    }

    private int tryCount(int at, long tag, int limit) {
        long before = word(at);
        while (isOf(before, tag) && !isClaimed(before)) {
            if (connections(before) >= limit) {
                return TOO_MANY;
            }
            long found = (long) WORD.compareAndExchange(words, at, before, before + 1);
            if (found == before) {
                return at;
            }
            before = found;
        }
        return OVERTAKEN;
    }

    private int tryAdd(int first, long tag) {
        int at = placeFor(first, tag);
        if (at == NONE) {
            return UNTRACKED;
        }
        long before = word(at);
        long claim = tag | CLAIMED | (claims.getAndIncrement() & CONNECTIONS);
        if (!mayReplace(before, tag) || !WORD.compareAndSet(words, at, before, claim)) {
            return OVERTAKEN;
        }
        for (int i = first; i < first + WAYS; i++) {
            long other = word(i);
            boolean same = i != at && isOf(other, tag);
            if (same && !(isClaimed(other) && WORD.compareAndSet(words, i, other, 0L))) {
                // It is there, or is about to be: that one counts.
                boolean unused = WORD.compareAndSet(words, at, claim, 0L);
                return OVERTAKEN;
            }
        }
        return WORD.compareAndSet(words, at, claim, tag | 1) ? at : OVERTAKEN;
    }

    /** Where somebody else is adding it, or else an empty place, or else that of the source that may best be forgotten. */
    private int placeFor(int first, long tag) {
        int best = NONE;
        long bestFullAt = Long.MAX_VALUE;
        for (int i = first; i < first + WAYS; i++) {
            long entry = word(i);
            if (isOf(entry, tag)) {
                return i;
            }
            if (mayReplace(entry, tag)) {
                long fullAt = entry == 0 ? NONE : word(i + WAYS) & FULL_AT;
                if (fullAt < bestFullAt) {
                    best = i;
                    bestFullAt = fullAt;
                }
            }
        }
        return best;
    }

    private static boolean mayReplace(long entry, long tag) {
        return isClaimed(entry) ? isOf(entry, tag) : connections(entry) == 0;
    }

    /** Takes a token from the bucket of an entry that cannot change hands, or leaves it. */
    private int charge(int entry, long hash, TokenRate rate, long nowNs) {
        long mark = hash >>> MARK_HASH_SHIFT << MARK_SHIFT;
        long sinceStartNs = Math.max(0, nowNs - startNs) & -UNIT_NS;
        long before = word(entry + WAYS);
        while (true) {
            long fullAtNs = (before & ~FULL_AT) == mark ? (before & FULL_AT) << UNIT_SHIFT : 0;
            long afterNs = rate.take(fullAtNs, sinceStartNs);
            if (afterNs == TokenRate.REFUSED) {
                leave(entry);
                return TOO_FAST;
            }
            long after = mark | (afterNs >>> UNIT_SHIFT);
            long found = (long) WORD.compareAndExchange(words, entry + WAYS, before, after);
            if (found == before) {
                return entry;
            }
            before = found;
        }
    }

    /** Of all sources; for tests and figures, as it walks the whole table. */
    public long connections() {
        long sum = 0;
        for (int set = 0; set < words.length; set += WORDS_PER_SET) {
            for (int i = set; i < set + WAYS; i++) {
                long entry = word(i);
                sum += isClaimed(entry) ? 0 : connections(entry);
            }
        }
        return sum;
    }

    private long word(int index) {
        return (long) WORD.getVolatile(words, index);
    }

    private int firstOf(long hash) {
        return (int) (((hash >>> 32) * sets) >>> 32) * WORDS_PER_SET;
    }

    private static boolean isOf(long entry, long tag) {
        return entry >>> TAG_SHIFT == tag >>> TAG_SHIFT;
    }

    private static boolean isClaimed(long entry) {
        return (entry & CLAIMED) != 0;
    }

    private static long connections(long entry) {
        return entry & CONNECTIONS;
    }
}
