package io.penstock.forwarder.table;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.Selection;
import io.penstock.net.FlowHash;

/**
 * The eligible backends of one pool, and how one is chosen. Immutable but for what the backends' loads hold; a change of
 * health or configuration makes another one.
 */
public final class BackendPool {
    /** The index of clients whose zone is not known. */
    public static final int UNKNOWN_ZONE = 0;

    private final String name;
    private final FlowHash flowHash;
    private final HashInput hashInput;
    private final Spread[] spreads;

    /**
     * @param hashInput what of a connection the policies see
     * @param spreads by the index of the client's zone, {@link #UNKNOWN_ZONE} first; one is enough when all are alike
     */
    public BackendPool(String name, FlowHash flowHash, HashInput hashInput, Spread... spreads) {
        this.name = name;
        this.flowHash = flowHash;
        this.hashInput = hashInput;
        this.spreads = spreads.clone();
    }

    public String name() {
        return name;
    }

    /** How many backends take new connections. */
    public int size() {
        return spreads[UNKNOWN_ZONE].size();
    }

    public HashInput hashInput() {
        return hashInput;
    }

    /** For a pool that hashes sources; the halves are those of an IpAddress. */
    public long sourceHash(long sourceHigh, long sourceLow) {
        return flowHash.ofSource(
                hashInput.maskedHigh(sourceHigh, sourceLow), hashInput.maskedLow(sourceHigh, sourceLow));
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
     * A backend that the selection does not exclude, or null.
     *
     * @param clientZone as the table's map has it
     */
    public Backend select(long hash, int clientZone, Selection selection) {
        return spreads[clientZone < spreads.length ? clientZone : UNKNOWN_ZONE].select(hash, selection);
    }
}
