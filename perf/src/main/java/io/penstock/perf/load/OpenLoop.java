package io.penstock.perf.load;

/**
 * Requests at the times of a schedule, whatever became of those before; each waits from the time it was meant for, so a
 * target that stalls is charged for all that arrived meanwhile. Connections take turns, and one whose last response is
 * still out gets the next request all the same: the queue is then in the target, where a client's would be, and no
 * connection is spared because it is slow.
 */
final class OpenLoop implements ClientListener {
    /**
     * Arrivals of the first moments are counted but their latencies are not recorded: whoever meters the target wakes up
     * at the start mark and takes processor time from both sides.
     */
    private static final long SETTLE_NS = 50_000_000;

    private static final long DRAIN_NS = 2_000_000_000L;

    private final Connections connections;
    private final Pacer pacer;
    private final Tally tally = new Tally();

    /** How late the generator itself was: when this is not far below the latencies, they are its own. */
    private final Latencies lags = new Latencies();

    private long recordedFromNs;
    private boolean measuring;
    private long late;

    OpenLoop(EventLoop loop, Connections connections) {
        this.connections = connections;
        pacer = new Pacer(loop, this::send);
    }

    /** Runs on connections that are open and have nothing outstanding. */
    LoadResult run(RunPlan plan) {
        connections.attend(this);
        pacer.drive(new ArrivalSchedule(plan.rate()), System.nanoTime(), plan.warmUpNs());
        connections.drain(DRAIN_NS);
        plan.marks().start();
        tally.restart();
        lags.reset();
        late = 0;
        measuring = true;
        long startNs = System.nanoTime();
        recordedFromNs = startNs + Math.min(SETTLE_NS, plan.measuredNs() / 10);
        pacer.drive(new ArrivalSchedule(plan.rate()), startNs, plan.measuredNs());
        long lengthNs = System.nanoTime() - startNs;
        measuring = false;
        plan.marks().end();
        connections.drain(DRAIN_NS);
        abandon();
        return tally.result(lengthNs)
                .put("rate", plan.rate())
                .put("late", late)
                .put("lag_p99_us", lags.percentileUs(99))
                .put("lag_max_us", lags.maxUs());
    }

    private void send(long intendedNs, long nowNs) {
        lags.record(nowNs - intendedNs);
        ClientConnection connection = connections.next();
        if (connection.isOpen()) {
            connection.request(intendedNs);
        } else {
            tally.onFailure("connection was lost before", 1);
        }
    }

    /** Requests that never got a response have waited until now at least; leaving them out would flatter the target. */
    private void abandon() {
        long nowNs = System.nanoTime();
        for (int i = 0; i < connections.count(); i++) {
            ClientConnection connection = connections.get(i);
            while (connection.outstanding() > 0) {
                record(nowNs, connection.abandonOldest());
                tally.onFailure("no response", 1);
            }
        }
    }

    @Override
    public void onResponse(ClientConnection connection, long intendedNs, int bytes) {
        record(System.nanoTime(), intendedNs);
        if (measuring) {
            tally.onUnit(bytes);
        } else {
            late++;
        }
    }

    private void record(long nowNs, long intendedNs) {
        if (intendedNs - recordedFromNs >= 0) {
            tally.latencies().record(nowNs - intendedNs);
        }
    }

    @Override
    public void onFailure(ClientConnection connection, String reason, int lost) {
        tally.onFailure(reason, lost);
    }
}
