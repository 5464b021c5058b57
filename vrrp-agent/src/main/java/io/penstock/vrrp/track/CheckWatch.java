package io.penstock.vrrp.track;

import io.penstock.health.CheckedTarget;
import io.penstock.health.HealthMonitor;
import io.penstock.health.HealthMonitor.Watch;
import io.penstock.serving.CheckVerdicts;
import io.penstock.serving.VerdictListener;
import io.penstock.serving.VipVerdict;
import java.util.function.LongSupplier;

/** The checks of one track, told on the probing thread. Closed from any thread. */
final class CheckWatch implements AutoCloseable {
    private final VerdictListener listener;
    private final Watch watch;

    /** Guarded by this. */
    private boolean closed;

    /** @param name that the listener is told */
    CheckWatch(
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
