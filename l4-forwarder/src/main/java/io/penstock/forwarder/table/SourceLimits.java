package io.penstock.forwarder.table;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.net.FlowHash;

/**
 * What each source may do. Immutable but for the table.
 *
 * @param table the same in every forwarding table, for as long as the prefixes and the hash are
 * @param flowHash whoever knows its key can make sources share a set
 * @param source how much of an address is one source
 * @param connections open at once, 1 to {@link SourceTable#MAX_CONNECTIONS}
 * @param rate of new ones; null for any
 */
public record SourceLimits(SourceTable table, FlowHash flowHash, HashInput source, int connections, TokenRate rate) {
    public SourceLimits {
        if (rate != null && rate.intervalNs() % SourceTable.UNIT_NS != 0) {
            throw new IllegalArgumentException(
                    "interval must be a multiple of " + SourceTable.UNIT_NS + " ns (was " + rate.intervalNs() + ")");
        }
    }

    /** Of one that is there already, whatever the limits: its entry, or {@link SourceTable#UNTRACKED}. */
    int adopt(long high, long low, long nowNs) {
        long hash = flowHash.ofSource(source.maskedHigh(high, low), source.maskedLow(high, low));
        return Math.max(SourceTable.UNTRACKED, table.enter(hash, SourceTable.MAX_CONNECTIONS, null, nowNs));
    }

    /** As {@link SourceTable#enter}; the halves are those of an IpAddress. */
    int enter(long high, long low, long nowNs) {
        long hash = flowHash.ofSource(source.maskedHigh(high, low), source.maskedLow(high, low));
        return table.enter(hash, connections, rate, nowNs);
    }
}
