package io.penstock.forwarder.table;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.net.FlowHash;
import java.util.List;

/** The pools of one service as one table has them, and who is served by which. Immutable. */
public final class PoolSplit {
    private static final SplitRules UNDIVIDED = new SplitRules.Builder(new FlowHash(0, 0)).build();

    /** Nobody serves anyone. */
    public static final PoolSplit NOBODY =
            undivided(new BackendPool("", new FlowHash(0, 0), HashInput.FLOW, new Spread(List.of(), new int[0])));

    private final SplitRules rules;
    private final BackendPool[] pools;

    /**
     * @param pools by the sides of the rules: the service's own first, as {@link SplitRules#REST}
     */
    public PoolSplit(SplitRules rules, List<BackendPool> pools) {
        this.rules = rules;
        this.pools = pools.toArray(new BackendPool[0]);
    }

    /** One pool for all. */
    public static PoolSplit undivided(BackendPool pool) {
        return new PoolSplit(UNDIVIDED, List.of(pool));
    }

    BackendPool own() {
        return pools[SplitRules.REST];
    }

    BackendPool poolFor(long sourceHigh, long sourceLow) {
        return pools.length == 1 ? pools[SplitRules.REST] : pools[rules.sideOf(sourceHigh, sourceLow)];
    }
}
