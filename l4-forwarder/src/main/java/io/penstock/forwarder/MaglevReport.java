package io.penstock.forwarder;

import io.penstock.forwarder.balance.Disruption;
import io.penstock.forwarder.balance.MaglevBuilder;
import io.penstock.forwarder.balance.MaglevTable;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How the Maglev table of a pool divides flows, now and without some of its backends. Health plays no part and names are
 * not resolved: this is the file's own table.
 *
 * @param hasNames whether a backend is given by name: each of its addresses will be a backend of its own when running
 * @param rows one per backend, in the order of the file
 * @param removed ids, in the order of the file; empty when nothing is to be removed
 * @param change from the table of all to the table without {@code removed}
 */
record MaglevReport(
        String pool, int tableSize, boolean hasNames, List<Row> rows, List<String> removed, Disruption change) {
    /** Below this many slots a backend, shares may be more than 1 % off (Maglev paper, section 5.3). */
    private static final int SLOTS_PER_BACKEND = 100;

    /**
     * One backend; shares are of all flows, 0 to 1.
     *
     * @param wanted its part of the weights
     * @param without its share once {@code removed} are gone
     */
    record Row(String backend, int weight, double share, double wanted, double without) {
        /** How far the share is off, as a part of what is wanted. */
        double offBy() {
            return wanted == 0 ? 0 : share / wanted - 1;
        }
    }

    static MaglevReport of(PoolConfig pool, FlowHash hash, Set<String> without) {
        List<BackendConfig> backends = pool.backends();
        String[] ids = backends.stream().map(BackendConfig::id).toArray(String[]::new);
        int[] weights = backends.stream().mapToInt(BackendConfig::weight).toArray();
        int[] remaining = backends.stream()
                .mapToInt(backend -> without.contains(backend.id()) ? 0 : backend.weight())
                .toArray();
        int tableSize = pool.balance().policy().tableSize();
        MaglevTable now = MaglevBuilder.build(tableSize, ids, weights, hash::ofBytes);
        MaglevTable then = MaglevBuilder.build(tableSize, ids, remaining, hash::ofBytes);
        return new MaglevReport(
                pool.name(),
                tableSize,
                backends.stream()
                        .anyMatch(backend -> backend.unix().isEmpty()
                                && IpAddress.parse(backend.host()).isEmpty()),
                rows(ids, weights, now, then),
                backends.stream()
                        .map(BackendConfig::id)
                        .filter(without::contains)
                        .toList(),
                Disruption.between(now, ids, then, ids));
    }

    private static List<Row> rows(String[] ids, int[] weights, MaglevTable now, MaglevTable then) {
        int[] slotsNow = now.slotCounts(ids.length);
        int[] slotsThen = then.slotCounts(ids.length);
        double size = now.size();
        double total = 0;
        for (int weight : weights) {
            total += weight;
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            double wanted = weights[i] == 0 ? 0 : weights[i] / total;
            rows.add(new Row(ids[i], weights[i], slotsNow[i] / size, wanted, slotsThen[i] / size));
        }
        return List.copyOf(rows);
    }

    /** Whether nobody would be left to take connections. */
    boolean leavesNobody() {
        return rows.stream().allMatch(row -> row.without() == 0);
    }

    /** Whether the table is too small for shares within 1 %. */
    boolean isCoarse() {
        return tableSize < (long) SLOTS_PER_BACKEND * rows.size();
    }

    /** What the removed backends had, 0 to 1. */
    double removedShare() {
        return rows.stream()
                .filter(row -> removed.contains(row.backend()))
                .mapToDouble(Row::share)
                .sum();
    }
}
