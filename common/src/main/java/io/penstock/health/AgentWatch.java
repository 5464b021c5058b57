package io.penstock.health;

import io.penstock.health.ProbeResult.Outcome;

/** From an agent's lines to its reports. NOT thread safe. */
final class AgentWatch implements Repeater.Listener {
    private final AgentListener listener;
    private AgentReport last = AgentReport.NOTHING;

    AgentWatch(AgentListener listener) {
        this.listener = listener;
    }

    @Override
    public boolean onResult(ProbeResult result, long durationNs) {
        if (result.outcome() == Outcome.SUCCESS) {
            listener.onAnswer();
            AgentReport report = AgentReplyParser.parse(result.evidence());
            if (!report.equals(last) && !report.equals(AgentReport.NOTHING)) {
                last = report;
                listener.onReport(report);
            }
        } else {
            listener.onNoReport(result.evidence());
        }
        return false;
    }
}
