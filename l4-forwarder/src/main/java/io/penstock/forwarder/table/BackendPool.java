package io.penstock.forwarder.table;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.Selection;
import io.penstock.net.FlowHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

    private final PoolQueue queue;

    /** Null when sources are bound to no backend. */
    private final SourceAffinity affinity;

    private final Outgoing outgoing;
    private final PoolCounts counts;

    /** The eligible ones; null for the numbers of others. */
    private final Backend[] bySerial;

    /**
     * @param hashInput what of a connection the policies see
     * @param spreads by the index of the client's zone, {@link #UNKNOWN_ZONE} first; one is enough when all are alike
     */
    public BackendPool(String name, FlowHash flowHash, HashInput hashInput, Spread... spreads) {
        this(name, flowHash, hashInput, PoolQueue.NONE, null, Outgoing.PLAIN, spreads);
    }

    /** As the other, and counts for itself alone. */
    public BackendPool(
            String name,
            FlowHash flowHash,
            HashInput hashInput,
            PoolQueue queue,
            SourceAffinity affinity,
            Outgoing outgoing,
            Spread... spreads) {
        this(name, flowHash, hashInput, queue, affinity, outgoing, new PoolCounts(), spreads);
    }

    /**
     * A pool that remembers more than one table.
     *
     * @param queue the same object in every table, or {@link PoolQueue#NONE}
     * @param affinity the same object in every table; null when a source's connections may go to different backends
     * @param counts the same object in every table
     */
    public BackendPool(
            String name,
            FlowHash flowHash,
            HashInput hashInput,
            PoolQueue queue,
            SourceAffinity affinity,
            Outgoing outgoing,
            PoolCounts counts,
            Spread... spreads) {
        this.name = name;
        this.flowHash = flowHash;
        this.hashInput = hashInput;
        this.queue = queue;
        this.affinity = affinity;
        this.outgoing = outgoing;
        this.counts = counts;
        this.spreads = spreads.clone();
        bySerial = affinity == null ? new Backend[0] : bySerial(spreads);
    }

    private static Backend[] bySerial(Spread... spreads) {
        Backend[] known = new Backend[0];
        for (Spread spread : spreads) {
            for (Backend backend : spread.backends()) {
                if (backend.serial() == Backend.NO_SERIAL) {
                    throw new IllegalArgumentException(backend.id() + " needs a serial number: its pool binds sources");
                }
                if (backend.serial() >= known.length) {
                    known = Arrays.copyOf(known, Math.max(backend.serial() + 1, 2 * known.length));
                }
                known[backend.serial()] = backend;
            }
        }
        return known;
    }

    public String name() {
        return name;
    }

    /** How many backends take new connections. */
    public int size() {
        return spreads[UNKNOWN_ZONE].size();
    }

    /**
     * The eligible backends that get no new connections while better ones have room, for clients of each zone by its index;
     * one list is for all zones.
     */
    public List<List<Backend>> withoutShare() {
        List<List<Backend>> byZone = new ArrayList<>();
        for (Spread spread : spreads) {
            byZone.add(spread.withoutShare());
        }
        return byZone;
    }

    /** Where connections wait when no backend has room. */
    public PoolQueue queue() {
        return queue;
    }

    /** How its backends are connected to. */
    public Outgoing outgoing() {
        return outgoing;
    }

    public PoolCounts counts() {
        return counts;
    }

    public HashInput hashInput() {
        return hashInput;
    }

    /** Of what counts of the source, in a pool that hashes sources or binds them; the halves are those of an IpAddress. */
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
     * The backend that the source is bound to, if it is eligible and has room and this is the first attempt; or else one
     * of the policy's choice, to which the source is bound from now on. Or null.
     *
     * @param hash of the flow or of the source, as {@link #hashInput} says
     * @param sourceHigh and sourceLow: the client's address
     * @param clientZone as the table's map has it
     */
    public Backend select(long hash, long sourceHigh, long sourceLow, int clientZone, Selection selection) {
        if (affinity == null) {
            return select(hash, clientZone, selection);
        }
        long sourceHash = hashInput.source() ? hash : sourceHash(sourceHigh, sourceLow);
        Backend backend = selection.excludedCount() == 0 ? bound(sourceHash, selection.nowNs()) : null;
        if (backend == null) {
            backend = select(hash, clientZone, selection);
        }
        if (backend != null) {
            affinity.remember(sourceHash, backend.serial(), selection.nowNs());
        }
        return backend;
    }

    private Backend bound(long sourceHash, long nowNs) {
        int serial = affinity.find(sourceHash, nowNs);
        Backend backend = serial >= 0 && serial < bySerial.length ? bySerial[serial] : null;
        return backend == null || backend.load().isFull() ? null : backend;
    }

    /**
     * A backend of the policy's choice that the selection does not exclude, or null.
     *
     * @param clientZone as the table's map has it
     */
    public Backend select(long hash, int clientZone, Selection selection) {
        return spreads[clientZone < spreads.length ? clientZone : UNKNOWN_ZONE].select(hash, selection);
    }
}
