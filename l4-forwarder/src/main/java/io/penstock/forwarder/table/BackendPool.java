package io.penstock.forwarder.table;

import io.penstock.forwarder.balance.MaglevBuilder;
import io.penstock.forwarder.balance.MaglevTable;
import io.penstock.net.FlowHash;
import java.util.List;

/**
 * The eligible backends of one pool and the Maglev table over them. Immutable; a change of health or configuration
 * makes another one.
 */
public final class BackendPool {
    private final String name;
    private final FlowHash flowHash;
    private final boolean hashesSource;
    private final Backend[] backends;
    private final MaglevTable maglev;

    /**
     * Builds the table, which takes milliseconds.
     *
     * @param hashesSource whether the client's address alone decides, or else the whole flow
     * @param tableSize a prime, at least the number of backends
     * @param eligible ids all different; any order
     */
    public BackendPool(String name, FlowHash flowHash, boolean hashesSource, int tableSize, List<Backend> eligible) {
        this.name = name;
        this.flowHash = flowHash;
        this.hashesSource = hashesSource;
        backends = eligible.toArray(new Backend[0]);
        String[] ids = new String[backends.length];
        int[] weights = new int[backends.length];
        for (int i = 0; i < backends.length; i++) {
            ids[i] = backends[i].id();
            weights[i] = backends[i].weight();
        }
        maglev = MaglevBuilder.build(tableSize, ids, weights, flowHash::ofBytes);
    }

    public String name() {
        return name;
    }

    /** How many backends take new connections. */
    public int size() {
        return backends.length;
    }

    public boolean hashesSource() {
        return hashesSource;
    }

    /** For a pool that {@link #hashesSource()}; the halves are those of an IpAddress. */
    public long sourceHash(long sourceHigh, long sourceLow) {
        return flowHash.ofSource(sourceHigh, sourceLow);
    }

    /** For a pool that hashes whole flows. */
    public long flowHash(
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            long destinationHigh,
            long destinationLow,
            int destinationPort,
            int protocol) {
        return flowHash.ofFlow(
                sourceHigh, sourceLow, sourcePort, destinationHigh, destinationLow, destinationPort, protocol);
    }

    /**
     * The backend for a flow, or null when none is eligible.
     *
     * @param attempt 0 for the flow's own backend, then 1, 2, … for the next ones that the table holds for it
     * @param scratch at least {@link MaglevTable#MAX_ATTEMPTS} long
     */
    public Backend select(long hash, int attempt, int[] scratch) {
        int index = attempt == 0 ? maglev.lookup(hash) : maglev.lookup(hash, attempt, scratch);
        return index == MaglevTable.NONE ? null : backends[index];
    }
}
