package io.penstock.serving;

import io.penstock.health.HealthCheck;
import io.penstock.health.HealthListener;
import io.penstock.health.ProbeResult;
import io.penstock.serving.VipVerdict.Kind;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Makes verdicts of the results of checks, told on the probing thread. A verdict is as old as the oldest of the probes that it
 * stands on; each counts from its start.
 */
public final class CheckVerdicts implements HealthListener {
    private final String name;
    private final VerdictListener listener;
    private final LongSupplier nowNs;
    private final Map<String, Long> beganNs = new HashMap<>();
    private boolean up;
    private String evidence = "";
    private String latest = "";
    private long latestNs;
    private long postedNs;

    /**
     * For one target.
     *
     * @param name that the listener is told
     * @param up what the checks take it for before their first results
     * @param nowNs the clock of the verdicts
     */
    public CheckVerdicts(String name, boolean up, VerdictListener listener, LongSupplier nowNs) {
        this.name = name;
        this.up = up;
        this.listener = listener;
        this.nowNs = nowNs;
    }

    @Override
    public void onResult(HealthCheck check, ProbeResult result, long durationNs) {
        if (result.outcome() != ProbeResult.Outcome.NO_VERDICT) {
            latestNs = nowNs.getAsLong() - durationNs;
            latest = result.evidence();
            beganNs.put(check.name(), latestNs);
        }
    }

    @Override
    public void onTransition(boolean nowUp, String why) {
        up = nowUp;
        evidence = why;
        post(latestNs);
    }

    @Override
    public void onConfirmed() {
        evidence = evidence.isEmpty() ? latest : evidence;
        post(Collections.min(beganNs.values()));
    }

    private void post(long atNs) {
        postedNs = Math.max(postedNs, atNs);
        listener.onVerdict(name, new VipVerdict(up ? Kind.SERVED : Kind.NOT_SERVED, postedNs, evidence));
    }
}
