package io.penstock.vrrp.protocol;

/**
 * How long a backup waits, in nanoseconds (RFC 9568 section 6.1). The division comes last, so that priorities differ at the shortest
 * interval too: at 10 ms one step of priority is 39 µs.
 */
public final class Timers {
    /** Advertisements that may be missed. */
    static final int ADVERTISEMENTS = 3;

    private static final int PRIORITIES = 256;
    private static final long SECOND_NS = 1_000_000_000;

    private Timers() {}

    /**
     * Skew_Time, by which a higher priority is faster.
     *
     * @param intervalNs of the active router; in version 2 it plays no part (RFC 3768 section 6.1)
     */
    public static long skewNs(Version version, long intervalNs, int priority) {
        long unitNs = version == Version.V3 ? intervalNs : SECOND_NS;
        return (PRIORITIES - priority) * unitNs / PRIORITIES;
    }

    /** Active_Down_Interval: after so much silence the active router is taken for gone. */
    public static long activeDownNs(Version version, long intervalNs, int priority) {
        return ADVERTISEMENTS * intervalNs + skewNs(version, intervalNs, priority);
    }
}
