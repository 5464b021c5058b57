package io.penstock.perf.load;

/** Requests on connections that stay open: a closed loop, or an open one where the plan has a rate. */
final class KeepAliveWorkload implements Workload {
    private final EventLoop loop;
    private final Backend backend;
    private final ResponseSizes sizes;
    private Connections connections;

    KeepAliveWorkload(EventLoop loop, Backend backend, ResponseSizes sizes) {
        this.loop = loop;
        this.backend = backend;
        this.sizes = sizes;
        connections = new Connections(loop, 0, sizes);
    }

    @Override
    public LoadResult run(RunPlan plan) {
        close();
        connections = new Connections(loop, plan.connections(), sizes);
        connections.open(plan.target());
        // What the set-up left behind is collected now, and not in the measured period, which leaves nothing.
        System.gc();
        return plan.rate() > 0
                ? new OpenLoop(loop, connections).run(plan)
                : new ClosedLoop(loop, connections).run(plan);
    }

    @Override
    public void close() {
        int left = backend.open() - connections.countOpen();
        connections.close();
        backend.awaitOpenAtMost(left);
    }
}
