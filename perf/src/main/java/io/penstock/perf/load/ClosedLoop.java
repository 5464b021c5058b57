package io.penstock.perf.load;

/** Every connection makes its next request when it has the response to the last: as much as the target can serve. */
final class ClosedLoop implements ClientListener {
    private static final long DRAIN_NS = 2_000_000_000L;

    private final EventLoop loop;
    private final Connections connections;
    private final Tally tally = new Tally();
    private boolean stopping;

    ClosedLoop(EventLoop loop, Connections connections) {
        this.loop = loop;
        this.connections = connections;
    }

    /** Runs on connections that are open and have nothing outstanding. */
    LoadResult run(RunPlan plan) {
        connections.attend(this);
        for (int i = 0; i < connections.count(); i++) {
            ClientConnection connection = connections.get(i);
            if (connection.isOpen()) {
                connection.request(System.nanoTime());
            } else {
                tally.onFailure("connection was lost before", 1);
            }
        }
        turnUntil(System.nanoTime() + plan.warmUpNs());
        plan.marks().start();
        tally.restart();
        long startNs = System.nanoTime();
        turnUntil(startNs + plan.measuredNs());
        stopping = true;
        long lengthNs = System.nanoTime() - startNs;
        plan.marks().end();
        int lost = connections.drain(DRAIN_NS);
        if (lost > 0) {
            tally.onFailure("no response", lost);
        }
        return tally.result(lengthNs);
    }

    /** Without ever sleeping, as {@link Pacer}. */
    private void turnUntil(long untilNs) {
        while (System.nanoTime() - untilNs < 0) {
            loop.turn(0);
        }
    }

    @Override
    public void onResponse(ClientConnection connection, long intendedNs, int bytes) {
        if (stopping) {
            return;
        }
        long nowNs = System.nanoTime();
        tally.onUnit(bytes);
        tally.latencies().record(nowNs - intendedNs);
        connection.request(nowNs);
    }

    @Override
    public void onFailure(ClientConnection connection, String reason, int lost) {
        tally.onFailure(reason, lost);
    }
}
