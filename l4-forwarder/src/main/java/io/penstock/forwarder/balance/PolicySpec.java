package io.penstock.forwarder.balance;

/**
 * Which policy, and what it is made with.
 *
 * @param tableSize of Maglev's table: a prime, at least the number of backends
 * @param ringSize of the ring: the virtual nodes of all backends together, at most
 * @param loadFactorPercent bounded load for the two that hash (Mirrokni, Thorup, Zadimoghaddam, 2016): no backend gets
 *     more than this share of its fair part of the open connections, above 100; {@link #UNBOUNDED} for no bound
 */
public record PolicySpec(PolicyKind kind, int tableSize, int ringSize, int loadFactorPercent) {
    public static final int UNBOUNDED = 0;
    public static final int DEFAULT_TABLE_SIZE = 65_537;
    public static final int DEFAULT_RING_SIZE = 65_536;

    public static PolicySpec maglev(int tableSize) {
        return new PolicySpec(PolicyKind.MAGLEV, tableSize, DEFAULT_RING_SIZE, UNBOUNDED);
    }
}
