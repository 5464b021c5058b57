package io.penstock.forwarder.tcp;

import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.table.SourceTable;

/**
 * What a connection holds of its service's limits: gives it back once, to where it came from, whatever tables say by then.
 * Belongs to its connection, on the worker's thread.
 */
final class Admittance {
    private Admission admission = Admission.OPEN;
    private int source = SourceTable.UNTRACKED;

    /** The listener has entered for this connection. */
    void begin(Admission entered) {
        admission = entered;
    }

    /**
     * Whether the client may stay: null, or why not. Once for each connection. A client without an address is on no list and
     * no source; its service's limits held it back already.
     */
    CloseReason judge(TcpForwarder tcp, Client client) {
        if (admission == Admission.OPEN || client.isAnonymous()) {
            return null;
        }
        int result = admission.admit(client.sourceHigh(), client.sourceLow(), tcp.nowNs());
        CloseReason refused =
                switch (result) {
                    case Admission.DENIED -> CloseReason.DENIED;
                    case SourceTable.TOO_MANY -> CloseReason.SOURCE_CONNECTIONS;
                    case SourceTable.TOO_FAST -> CloseReason.SOURCE_RATE;
                    default -> null;
                };
        if (refused != null) {
            giveBack(tcp, admission);
            admission = Admission.OPEN;
            return refused;
        }
        if (result == SourceTable.UNTRACKED && admission.limitsSources()) {
            tcp.counters().increment(TcpCounter.SOURCES_UNTRACKED);
        }
        source = result;
        return null;
    }

    void leave(TcpForwarder tcp) {
        if (admission != Admission.OPEN) {
            admission.leave(source);
            onRoom(tcp, admission);
            admission = Admission.OPEN;
            source = SourceTable.UNTRACKED;
        }
    }

    /** For a client that does not come in, or that there was not. */
    static void giveBack(TcpForwarder tcp, Admission entered) {
        entered.giveBack();
        onRoom(tcp, entered);
    }

    /** Calls the listener that has waited longest for what was given back. */
    private static void onRoom(TcpForwarder tcp, Admission admission) {
        onRoom(tcp, admission.serviceQueue());
        onRoom(tcp, admission.processQueue());
    }

    /** @param queue null when there is no limit */
    static void onRoom(TcpForwarder tcp, PoolQueue queue) {
        if (queue != null) {
            tcp.waitingLines().onRoom(queue);
        }
    }
}
