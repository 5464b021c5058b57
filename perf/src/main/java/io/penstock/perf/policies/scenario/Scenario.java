package io.penstock.perf.policies.scenario;

import io.penstock.net.IpAddress;

/**
 * Eight backends, of which six are alike, one is slow, and one goes away and comes back all the time.
 *
 * <p>At equal shares an ordinary backend is busy for a fifth of its time, the slow one for three quarters, and more
 * while the flapping one is away: nobody is overloaded, so that waiting times depend on the policy and not on how long
 * the run was.
 *
 * @param cycleNs from one return of the flapping backend to the next
 * @param downNs of each cycle, in its middle: its listener is closed, what is open there goes on
 */
public record Scenario(long cycleNs, long downNs) {
    public static final int BACKENDS = 8;
    public static final int SLOW = 6;
    public static final int FLAPPING = 7;

    /** The first so many are equal and healthy. */
    public static final int HEALTHY = 6;

    /** Of the healthy ones, the one that is taken out to see which flows move. */
    public static final int REMOVED = 2;

    /** Requests a second, each on a connection of its own. */
    public static final double RATE = 400;

    /** What a request keeps one of the backend's {@link #SERVERS} busy for, exponentially distributed. */
    public static final long MEAN_WORK_NS = 15_000_000;

    /** How many times as long the slow backend takes. */
    public static final int SLOW_FACTOR = 4;

    /** Requests a backend works on at a time; others wait in their order. */
    public static final int SERVERS = 4;

    public static final int CLIENTS = 2_000;

    /** A /24 of IPv4 each, with as many clients. */
    public static final int NETWORKS = 250;

    /** Attempts to connect for one request, as the forwarder makes by default. */
    public static final int ATTEMPTS = 3;

    public static final long HEALTH_INTERVAL_NS = 100_000_000;

    /** Results in a row that change a backend's health, either way. */
    public static final int HEALTH_RESULTS = 2;

    private static final int FIRST_CLIENT = 0x7f0a0001;
    private static final int FIRST_EPHEMERAL_PORT = 32_768;
    private static final int EPHEMERAL_PORTS = 28_232;

    /** What stands for a backend in tables and configuration files. */
    public static String id(int backend) {
        return "b" + (backend + 1);
    }

    /** Clients come from 127.10.0.0/16. */
    public static IpAddress address(int client) {
        return IpAddress.ofIpv4(FIRST_CLIENT + (client % NETWORKS << Byte.SIZE) + client / NETWORKS);
    }

    /** A client's port from a random number. */
    static int port(int random) {
        return FIRST_EPHEMERAL_PORT + Integer.remainderUnsigned(random, EPHEMERAL_PORTS);
    }

    /** How long a request keeps a backend busy. */
    public static long serviceNs(int backend, long workNs) {
        return backend == SLOW ? workNs * SLOW_FACTOR : workNs;
    }

    /** When it first goes away, from the beginning. */
    public long firstDownNs() {
        return (cycleNs - downNs) / 2;
    }
}
