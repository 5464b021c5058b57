package io.penstock.forwarder.balance;

/** The backend whose slot a flow's hash falls into; for a further attempt, the next one met from there on. */
final class MaglevPolicy implements Policy {
    private final MaglevTable table;
    private final BackendLoad[] loads;

    MaglevPolicy(MaglevTable table, BackendLoad[] loads) {
        this.table = table;
        this.loads = loads;
    }

    @Override
    public int pick(long hash, Selection selection) {
        int own = table.lookup(hash);
        if (own == MaglevTable.NONE || !selection.isExcluded(loads[own])) {
            return own;
        }
        return table.next(hash, loads, selection);
    }
}
