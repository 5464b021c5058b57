package io.penstock.forwarder.xdp;

import io.penstock.forwarder.balance.Selection;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import java.util.IdentityHashMap;
import java.util.function.ToIntFunction;

/**
 * What stands in the slots of a ring: for each the backend that the pool chooses for the first hash of that slot. A pool of one
 * priority whose Maglev table has as many slots has the same backend for all of them, so every flow gets the backend that a
 * connection with its hash would get. With priorities or another size the shares are the same, and every forwarder has the same ring. Immutable.
 */
final class RingContent {
    private final BackendPool pool;
    private final Backend[] chosen = new Backend[Abi.RING_SLOTS];

    private RingContent(BackendPool pool) {
        this.pool = pool;
    }

    /** The most work of a ring, which services that share a pool need once. */
    static RingContent of(BackendPool pool) {
        RingContent content = new RingContent(pool);
        Selection selection = new Selection(0);
        selection.begin(0);
        for (int slot = 0; slot < content.chosen.length; slot++) {
            content.chosen[slot] = pool.select(representative(slot), BackendPool.UNKNOWN_ZONE, selection);
        }
        return content;
    }

    boolean isOf(BackendPool other) {
        return pool.equals(other);
    }

    /** @param idOf the number of a backend, or {@link Abi#NONE} for one that has none */
    int[] slots(ToIntFunction<Backend> idOf) {
        int[] slots = new int[chosen.length];
        // Hardly a comparison of keys each: the same few objects come 65,537 times.
        IdentityHashMap<Backend, Integer> known = new IdentityHashMap<>();
        for (int slot = 0; slot < slots.length; slot++) {
            Backend backend = chosen[slot];
            slots[slot] = backend == null ? Abi.NONE : known.computeIfAbsent(backend, idOf::applyAsInt);
        }
        return slots;
    }

    /**
     * A hash that leads to this slot: of those the least in its upper half, which a ring goes by. The lower half, by which a pool with
     * several groups chooses one as well, is as good as drawn, and the same everywhere.
     */
    static long representative(int slot) {
        long upper = (((long) slot << Integer.SIZE) + Abi.RING_SLOTS - 1) / Abi.RING_SLOTS;
        return (upper << Integer.SIZE) | (Selection.mix(slot) >>> Integer.SIZE);
    }

    /** Where the program looks for a hash. */
    static int slotOf(long hash) {
        return (int) (((hash >>> Integer.SIZE) * Abi.RING_SLOTS) >>> Integer.SIZE);
    }
}
