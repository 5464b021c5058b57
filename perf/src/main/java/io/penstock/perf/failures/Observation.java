package io.penstock.perf.failures;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a failure cost. Only clients that came after the backend had failed count: no balancer of connections can save
 * those that were on it.
 *
 * @param outMs from the failure until the balancer said that the backend is out; NaN when it never did
 * @param touchedMs from the failure until the last client came that failed or was slow; 0 when there was none
 * @param clients that came between failure and return
 * @param failed of these: got no answer
 * @param slow of these: were answered, {@link #SLOW_NS} after they began or later
 * @param backMs from the recovery until a client that came after it was answered by the backend; NaN when none was
 */
record Observation(double outMs, double touchedMs, int clients, int failed, int slow, double backMs) {
    /** A connect that was given up and tried elsewhere takes longer, little else does. */
    static final long SLOW_NS = TimeUnit.MILLISECONDS.toNanos(Settings.CONNECT_TIMEOUT_MS * 4L / 5);

    private static final double NS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);

    /** @param outcomes in the order of their ends */
    static Observation of(Trial.Times times, List<Outcome> outcomes, String victim) {
        double touchedMs = 0;
        int clients = 0;
        int failed = 0;
        int slow = 0;
        double backMs = Double.NaN;
        for (Outcome outcome : outcomes) {
            if (outcome.startNs() - times.injectedNs() < 0 || outcome.startNs() - times.endNs() >= 0) {
                continue;
            }
            clients++;
            boolean wasSlow = !outcome.isFailed() && outcome.tookNs() >= SLOW_NS;
            failed += outcome.isFailed() ? 1 : 0;
            slow += wasSlow ? 1 : 0;
            if ((outcome.isFailed() || wasSlow) && outcome.startNs() - times.recoveredNs() < 0) {
                touchedMs = Math.max(touchedMs, ms(times.beganNs(), outcome.startNs()));
            }
            boolean isBack = victim.equals(outcome.backend()) && outcome.startNs() - times.recoveredNs() >= 0;
            if (isBack && Double.isNaN(backMs)) {
                backMs = ms(times.recoveredNs(), outcome.endNs());
            }
        }
        double outMs =
                times.outNs().isPresent() ? ms(times.beganNs(), times.outNs().getAsLong()) : Double.NaN;
        return new Observation(outMs, touchedMs, clients, failed, slow, backMs);
    }

    boolean isOut() {
        return Double.isFinite(outMs);
    }

    private static double ms(long fromNs, long toNs) {
        return (toNs - fromNs) / NS_PER_MS;
    }
}
