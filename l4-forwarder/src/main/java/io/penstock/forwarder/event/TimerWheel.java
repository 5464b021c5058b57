package io.penstock.forwarder.event;

import java.util.Arrays;

/**
 * Deadlines of numbered things, one each: a hierarchical timing wheel (Varghese and Lauck, 1987) with a bitmap of the
 * occupied slots for each level, so that finding the next deadline does not walk anything. Scheduling and cancelling
 * are O(1) and allocate nothing once the wheel has seen the highest id. Timers never fire early and at most one tick
 * late, plus what the thread takes to come around. NOT thread safe.
 *
 * <p>A level has 64 slots; a slot of level n is 64^n ticks wide. A timer stands in the lowest level that can tell its
 * deadline from now. When the time reaches a slot above level 0, its timers move down.
 */
public final class TimerWheel {
    /** Called for each timer that expired; it may schedule and cancel, the expired id included. */
    @FunctionalInterface
    public interface Handler {
        void onTimer(int id, long nowNs);
    }

    /** About a millisecond: as fine as epoll's own timeout. */
    private static final int TICK_SHIFT = 20;

    private static final int SLOT_BITS = 6;
    private static final int SLOTS = 1 << SLOT_BITS;
    private static final int SLOT_MASK = SLOTS - 1;
    /** Reaches 64^6 ticks, two years. */
    private static final int LEVELS = 6;

    private static final long MAX_TICKS = (1L << (SLOT_BITS * LEVELS)) - 1;
    private static final int NONE = -1;
    private static final long NO_DEADLINE = Long.MAX_VALUE;

    private final int[] heads = new int[LEVELS * SLOTS];
    private final long[] occupied = new long[LEVELS];
    private int[] next = new int[0];
    private int[] previous = new int[0];
    /** The slot a timer stands in, as an index of heads; NONE when it is not scheduled. */
    private int[] place = new int[0];

    private long[] deadlineTick = new long[0];
    private final long startNs;
    private long currentTick;
    private int size;

    public TimerWheel(long nowNs) {
        startNs = nowNs;
        Arrays.fill(heads, NONE);
    }

    /** Timers waiting. */
    public int size() {
        return size;
    }

    /** Sets or moves the timer of {@code id}, 0 or more. */
    public void schedule(int id, long deadlineNs) {
        ensureCapacity(id);
        if (place[id] != NONE) {
            unlink(id);
        }
        // Rounded up: a timer must not fire before its deadline.
        long tick = (deadlineNs - startNs + (1L << TICK_SHIFT) - 1) >> TICK_SHIFT;
        deadlineTick[id] = Math.min(Math.max(tick, currentTick + 1), currentTick + MAX_TICKS);
        link(id);
    }

    /** Does nothing when the timer is not scheduled. */
    public void cancel(int id) {
        if (id < place.length && place[id] != NONE) {
            unlink(id);
        }
    }

    /** How long a thread may wait before it must call {@link #expire}: never too long, now and then too short. */
    public long waitNs(long nowNs) {
        long tick = nextTick();
        return tick == NO_DEADLINE ? -1 : Math.max(0, startNs + (tick << TICK_SHIFT) - nowNs);
    }

    /** Fires what is due and returns how many. */
    public int expire(long nowNs, Handler handler) {
        long nowTick = (nowNs - startNs) >> TICK_SHIFT;
        int fired = 0;
        for (long tick = nextTick(); tick <= nowTick; tick = nextTick()) {
            currentTick = tick;
            for (int level = LEVELS - 1; level > 0; level--) {
                if ((tick & ((1L << (SLOT_BITS * level)) - 1)) == 0) {
                    moveDown(level, (int) (tick >> (SLOT_BITS * level)) & SLOT_MASK);
                }
            }
            fired += fire((int) tick & SLOT_MASK, nowNs, handler);
        }
        currentTick = Math.max(currentTick, nowTick);
        return fired;
    }

    private int fire(int slot, long nowNs, Handler handler) {
        int fired = 0;
        // The handler can only schedule into later ticks, so this slot runs empty.
        for (int id = heads[slot]; id != NONE; id = heads[slot]) {
            unlink(id);
            fired++;
            handler.onTimer(id, nowNs);
        }
        return fired;
    }

    private void moveDown(int level, int slot) {
        int index = level * SLOTS + slot;
        for (int id = heads[index]; id != NONE; id = heads[index]) {
            unlink(id);
            link(id);
        }
    }

    /** The next tick at which a timer is due or a slot of a higher level must move down. */
    private long nextTick() {
        if (size == 0) {
            return NO_DEADLINE;
        }
        long nearest = NO_DEADLINE;
        for (int level = 0; level < LEVELS; level++) {
            if (occupied[level] == 0) {
                continue;
            }
            int shift = SLOT_BITS * level;
            long position = currentTick >> shift;
            // Bit 0 of the rotated map is the slot after the current one.
            long ahead = Long.rotateRight(occupied[level], (int) (position + 1) & SLOT_MASK);
            long tick = (position + 1 + Long.numberOfTrailingZeros(ahead)) << shift;
            nearest = Math.min(nearest, tick);
        }
        return nearest;
    }

    private void link(int id) {
        long tick = deadlineTick[id];
        // A timer that moves down on its own tick belongs in the slot that is about to fire.
        long distance = tick - currentTick;
        int level = 0;
        while (level < LEVELS - 1 && distance >= 1L << (SLOT_BITS * (level + 1))) {
            level++;
        }
        int slot = (int) (tick >> (SLOT_BITS * level)) & SLOT_MASK;
        int index = level * SLOTS + slot;
        place[id] = index;
        previous[id] = NONE;
        next[id] = heads[index];
        if (heads[index] != NONE) {
            previous[heads[index]] = id;
        }
        heads[index] = id;
        occupied[level] |= 1L << slot;
        size++;
    }

    private void unlink(int id) {
        int index = place[id];
        if (previous[id] == NONE) {
            heads[index] = next[id];
        } else {
            next[previous[id]] = next[id];
        }
        if (next[id] != NONE) {
            previous[next[id]] = previous[id];
        }
        if (heads[index] == NONE) {
            occupied[index >> SLOT_BITS] &= ~(1L << (index & SLOT_MASK));
        }
        place[id] = NONE;
        size--;
    }

    private void ensureCapacity(int id) {
        int old = place.length;
        if (id < old) {
            return;
        }
        int capacity = Math.max(id + 1, Math.max(64, old * 2));
        next = Arrays.copyOf(next, capacity);
        previous = Arrays.copyOf(previous, capacity);
        deadlineTick = Arrays.copyOf(deadlineTick, capacity);
        place = Arrays.copyOf(place, capacity);
        Arrays.fill(place, old, capacity, NONE);
    }
}
