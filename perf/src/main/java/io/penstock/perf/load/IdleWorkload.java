package io.penstock.perf.load;

/**
 * Thousands of connections that say nothing, beside a few in a closed loop. The idle ones stay open from run to run; each
 * is opened with one round trip and checked with another after the run.
 */
final class IdleWorkload implements Workload {
    private final EventLoop loop;
    private final KeepAliveWorkload active;
    private Connections idle;

    IdleWorkload(EventLoop loop, Backend backend) {
        this.loop = loop;
        active = new KeepAliveWorkload(loop, backend, ResponseSizes.SMALL);
    }

    @Override
    public LoadResult run(RunPlan plan) {
        boolean first = idle == null;
        if (first) {
            idle = new Connections(loop, plan.idleConnections(), ResponseSizes.SMALL);
        }
        active.close();
        int opened = idle.open(plan.target());
        LoadResult result = active.run(plan);
        int alive = idle.countAlive();
        long failures = result.number("failures").longValue() + idle.count() - alive;
        return result.put("failures", failures)
                .put("idle", idle.count())
                .put("idle_alive", alive)
                .put("idle_reopened", first ? 0 : opened);
    }

    @Override
    public void close() {
        active.close();
        if (idle != null) {
            idle.close();
        }
    }
}
