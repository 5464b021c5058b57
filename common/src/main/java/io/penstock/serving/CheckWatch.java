package io.penstock.serving;

import io.penstock.health.CheckedTarget;
import io.penstock.health.HealthMonitor;
import io.penstock.health.HealthMonitor.Watch;
import java.util.function.LongSupplier;

/** The checks of one target, whose verdicts are told on the probing thread. Closed from any thread. */
public final class CheckWatch implements AutoCloseable {
    private final VerdictListener listener;
    private final Watch watch;

    /** Guarded by this. */
    private boolean closed;

    /**
     * Begins to check.
     *
     * @param name that the listener is told
     * @param nowNs the clock of the verdicts
     */
    public CheckWatch(
            HealthMonitor monitor, String name, CheckedTarget checked, VerdictListener listener, LongSupplier nowNs) {
        this.listener = listener;
        boolean upAtFirst = checked.plan().isUpAtFirst();
        watch = monitor.watch(
                checked.target(), checked.plan(), new CheckVerdicts(name, upAtFirst, this::onVerdict, nowNs));
    }

    private synchronized void onVerdict(String name, VipVerdict verdict) {
        if (!closed) {
            listener.onVerdict(name, verdict);
        }
    }

    /** Nothing is told any more when this returns. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        watch.close();
    }
}
