package io.penstock.forwarder.table;

/**
 * What clients connect to, as the workers need it.
 *
 * @param connectAttempts backends tried for one connection, at least 1
 * @param tcp of the sockets on both sides; of no meaning for UDP
 * @param admission who may come in; the same object in every table
 * @param proxyInput what clients say of whom they speak for
 * @param udp null for TCP
 */
public record Service(
        String name,
        PoolSplit split,
        int connectAttempts,
        Timeouts timeouts,
        TcpOptions tcp,
        Admission admission,
        ProxyInput proxyInput,
        UdpOptions udp) {
    /** Of TCP. */
    public Service(
            String name,
            PoolSplit split,
            int connectAttempts,
            Timeouts timeouts,
            TcpOptions tcp,
            Admission admission,
            ProxyInput proxyInput) {
        this(name, split, connectAttempts, timeouts, tcp, admission, proxyInput, null);
    }

    /** Nobody is kept out, and clients speak for themselves. */
    public Service(String name, PoolSplit split, int connectAttempts, Timeouts timeouts, TcpOptions tcp) {
        this(name, split, connectAttempts, timeouts, tcp, Admission.OPEN, ProxyInput.NONE);
    }

    /** One pool serves all clients. */
    public Service(String name, BackendPool pool, int connectAttempts, Timeouts timeouts, TcpOptions tcp) {
        this(name, PoolSplit.undivided(pool), connectAttempts, timeouts, tcp);
    }

    /** It takes nobody, and goes on for those that it has. */
    public Service withoutPools() {
        return new Service(name, PoolSplit.NOBODY, connectAttempts, timeouts, tcp, admission, proxyInput, udp);
    }

    /** Closed by its operator, or gone: whoever comes, or is still being connected, is reset. */
    public boolean isClosed() {
        return split == PoolSplit.NOBODY;
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
