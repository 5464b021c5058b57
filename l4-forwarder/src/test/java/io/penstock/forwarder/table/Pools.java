package io.penstock.forwarder.table;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.balance.RingScale;
import io.penstock.forwarder.balance.Selection;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.util.List;

/** Pools and backends as tests want them. */
public final class Pools {
    private Pools() {}

    public static Backend backend(String id, IpAddress address, int port, int weight) {
        return new Backend(id, address, port, weight, new BackendLoad());
    }

    /** Maglev over these, by flow. */
    public static BackendPool maglev(int tableSize, List<Backend> backends) {
        return maglev(tableSize, HashInput.FLOW, new FlowHash(1, 2), backends);
    }

    public static BackendPool maglev(int tableSize, List<Backend> backends, PoolQueue queue) {
        return maglev(tableSize, backends, queue, Outgoing.PLAIN);
    }

    public static BackendPool maglev(int tableSize, List<Backend> backends, PoolQueue queue, Outgoing outgoing) {
        FlowHash hash = new FlowHash(1, 2);
        BackendGroup group = new BackendGroup(PolicySpec.maglev(tableSize), RingScale.NONE, hash, backends);
        return new BackendPool("pool", hash, HashInput.FLOW, queue, null, outgoing, Spread.of(group));
    }

    public static BackendPool maglev(int tableSize, List<Backend> backends, ProxyHeader header) {
        FlowHash hash = new FlowHash(1, 2);
        BackendGroup group = new BackendGroup(PolicySpec.maglev(tableSize), RingScale.NONE, hash, backends);
        Outgoing outgoing = new Outgoing(SourceAddresses.KERNELS_CHOICE, header);
        return new BackendPool("pool", hash, HashInput.FLOW, PoolQueue.NONE, null, outgoing, Spread.of(group));
    }

    public static BackendPool maglev(int tableSize, HashInput input, FlowHash hash, List<Backend> backends) {
        BackendGroup group = new BackendGroup(PolicySpec.maglev(tableSize), RingScale.NONE, hash, backends);
        return new BackendPool("pool", hash, input, Spread.of(group));
    }

    /** One pool for all clients. */
    public static PoolSplit undivided(BackendPool pool) {
        return PoolSplit.undivided(pool);
    }

    /** Nothing is excluded yet. */
    public static Selection selection() {
        Selection selection = new Selection(1);
        selection.begin(0);
        return selection;
    }
}
