package io.penstock.forwarder;

import io.penstock.forwarder.table.BackendPool;
import io.penstock.net.Endpoint;

/**
 * A connection as a client makes it, or a session.
 *
 * @param protocol {@link io.penstock.linux.SocketConstants#IPPROTO_TCP} or {@link
 *     io.penstock.linux.SocketConstants#IPPROTO_UDP}
 */
record Flow(Endpoint client, Endpoint listen, int protocol) {
    /** What the pool's policy goes by, as for a client that comes. */
    long hash(BackendPool pool) {
        long high = client.address().high();
        long low = client.address().low();
        return pool.hashInput().source()
                ? pool.sourceHash(high, low)
                : pool.flowHash(
                        high,
                        low,
                        client.port(),
                        listen.address().high(),
                        listen.address().low(),
                        listen.port(),
                        protocol);
    }
}
