package io.penstock.ecmp.health;

import io.penstock.ecmp.host.VipVerdict;
import io.penstock.ecmp.host.VipVerdict.Kind;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthListener;
import io.penstock.health.ProbeResult;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The agent's own checks of one VIP, told on the probing thread. A verdict is as old as the oldest of the probes that it
 * stands on; each counts from its start.
 */
final class CheckedVip implements HealthListener {
    private final String name;
    private final VerdictBoard board;
    private final LongSupplier nowNs;
    private final Map<String, Long> beganNs = new HashMap<>();
    private boolean up;
    private String evidence = "";
    private String latest = "";
    private long latestNs;
    private long postedNs;

    /** @param up what the checks take it for before their first results */
    CheckedVip(String name, boolean up, VerdictBoard board, LongSupplier nowNs) {
        this.name = name;
        this.up = up;
        this.board = board;
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
        board.post(name, new VipVerdict(up ? Kind.SERVED : Kind.NOT_SERVED, postedNs, evidence));
    }
}
