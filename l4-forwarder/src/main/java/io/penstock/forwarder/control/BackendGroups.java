package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.MaglevTable;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.balance.RingScale;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendGroup;
import io.penstock.net.FlowHash;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The groups of one pool. One with the same backends and weights as in the table before is the same object, unless the
 * pool's scale changed: making it can take milliseconds.
 */
final class BackendGroups {
    private record Key(RingScale scale, List<Backend> backends) {}

    private final PolicySpec spec;
    private final FlowHash flowHash;
    private Map<Key, BackendGroup> last = new HashMap<>();
    private Map<Key, BackendGroup> used = new HashMap<>();

    BackendGroups(PolicySpec spec, FlowHash flowHash) {
        this.spec = spec;
        this.flowHash = flowHash;
    }

    /** How many backends a group can hold. */
    int capacity() {
        return Math.min(spec.tableSize(), MaglevTable.MAX_BACKENDS);
    }

    /** When names bring more than a table can hold, the first by id are in it, the same on every forwarder. */
    BackendGroup of(RingScale scale, List<Backend> backends) {
        List<Backend> fitting = backends.size() <= capacity()
                ? backends
                : backends.stream()
                        .sorted(Comparator.comparing(Backend::id))
                        .limit(capacity())
                        .toList();
        return used.computeIfAbsent(new Key(scale, fitting), this::lastOrNew);
    }

    private BackendGroup lastOrNew(Key key) {
        BackendGroup same = last.get(key);
        return same == null ? new BackendGroup(spec, key.scale, flowHash, key.backends) : same;
    }

    /** No table is made with them any more. */
    void retire() {
        last.values().forEach(BackendGroup::retire);
        last = Map.of();
    }

    /** The table is made; what it did not use is retired and forgotten. */
    void onMade() {
        last.keySet().removeAll(used.keySet());
        last.values().forEach(BackendGroup::retire);
        last = used;
        used = new HashMap<>();
    }
}
