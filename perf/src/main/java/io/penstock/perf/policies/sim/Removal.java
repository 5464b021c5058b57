package io.penstock.perf.policies.sim;

import io.penstock.forwarder.balance.Selection;
import io.penstock.perf.policies.scenario.Contestant;
import io.penstock.perf.policies.scenario.Moves;
import io.penstock.perf.policies.scenario.Scenario;

/**
 * Which flows move when a backend leaves: many are placed one after another and stay open, once with all backends and
 * once, from the beginning, without one.
 */
final class Removal {
    private static final int FLOWS_A_CLIENT = 10;
    private static final int FIRST_PORT = 40_000;

    /** Seeds: were they the same, even a policy that ignores flows would seem to keep some. */
    private static final long BEFORE = 2;

    private static final long AFTER = 3;
    private static final long GAP_NS = 1_000_000;
    private static final long CONNECT_NS = 100_000;

    private Removal() {}

    static Moves of(Contestant contestant) {
        Pool without = new Pool(contestant);
        without.leaveOut(Scenario.REMOVED);
        return Moves.between(place(new Pool(contestant), BEFORE), place(without, AFTER), Scenario.REMOVED);
    }

    private static int[] place(Pool pool, long seed) {
        Selection selection = new Selection(seed);
        int[] backends = new int[Scenario.CLIENTS * FLOWS_A_CLIENT];
        for (int flow = 0; flow < backends.length; flow++) {
            selection.begin(flow * GAP_NS);
            int port = FIRST_PORT + flow / Scenario.CLIENTS;
            int backend = pool.pick(pool.hash(flow % Scenario.CLIENTS, port), selection);
            pool.load(backend).tryAcquire();
            pool.load(backend).onConnected(CONNECT_NS, flow * GAP_NS);
            backends[flow] = backend;
        }
        return backends;
    }
}
