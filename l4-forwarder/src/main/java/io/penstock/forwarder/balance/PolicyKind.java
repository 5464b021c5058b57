package io.penstock.forwarder.balance;

/** The policies; weights are respected by each. */
public enum PolicyKind {
    /** Maglev's table: the flow's hash decides, and nearly all flows stay when backends come and go. */
    MAGLEV,
    /** Ketama's ring of virtual nodes: as Maglev, with fewer moves and less even shares. */
    RING_HASH,
    /** In turn, smoothly interleaved by weight. */
    ROUND_ROBIN,
    /** Fewest open connections per weight. */
    LEAST_CONNECTIONS,
    /** Two at random, the one with fewer open connections. */
    TWO_CHOICES,
    /** At random. */
    RANDOM,
    /** Two at random, the one with the lower product of response time (peak EWMA) and open connections. */
    LEAST_TIME,
    /** In turn, by weights learnt from response times, failures and reported load. */
    ADAPTIVE;

    /** Whether the hash of a connection decides, so that all forwarders with one secret pick alike. */
    public boolean isHashing() {
        return this == MAGLEV || this == RING_HASH;
    }
}
