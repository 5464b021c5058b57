package io.penstock.forwarder;

import static io.penstock.linux.SocketConstants.IPPROTO_TCP;

import io.penstock.forwarder.table.BackendPool;
import io.penstock.net.Endpoint;

/** A connection as a client makes it. */
record Flow(Endpoint client, Endpoint listen) {
    /** What the pool's policy goes by, as for a connection that is accepted. */
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
                        IPPROTO_TCP);
    }
}
