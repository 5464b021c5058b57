package io.penstock.forwarder.table;

/**
 * What clients connect to, as the workers need it.
 *
 * @param connectAttempts backends tried for one connection, at least 1
 * @param connectTimeoutNs for each attempt
 * @param idleTimeoutNs without a byte while both directions are open
 * @param finTimeoutNs without a byte once one direction has ended
 * @param tcp of the sockets on both sides
 */
public record Service(
        String name,
        PoolSplit split,
        int connectAttempts,
        long connectTimeoutNs,
        long idleTimeoutNs,
        long finTimeoutNs,
        TcpOptions tcp) {
    /** One pool serves all clients. */
    public Service(
            String name,
            BackendPool pool,
            int connectAttempts,
            long connectTimeoutNs,
            long idleTimeoutNs,
            long finTimeoutNs,
            TcpOptions tcp) {
        this(name, PoolSplit.undivided(pool), connectAttempts, connectTimeoutNs, idleTimeoutNs, finTimeoutNs, tcp);
    }

    /** Of the clients that are not split off. */
    public BackendPool pool() {
        return split.own();
    }

    /** Always the same for one client, until the split is configured anew; the halves are those of an IpAddress. */
    public BackendPool poolFor(long sourceHigh, long sourceLow) {
        return split.poolFor(sourceHigh, sourceLow);
    }
}
