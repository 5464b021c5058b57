package io.penstock.forwarder.control;

import io.penstock.forwarder.config.BackendConfig;
import io.penstock.health.AgentReport;
import io.penstock.health.AgentReport.Admin;
import java.util.Locale;

/** What the operator and the agent want done with a member. Of the two the stricter one counts. */
final class Wishes {
    private int configuredWeight;
    private BackendConfig.State operators;
    private Admin agents = Admin.READY;
    private boolean agentUp = true;
    private int agentPercent = 100;

    Wishes(BackendConfig config) {
        onConfig(config);
    }

    final void onConfig(BackendConfig config) {
        configuredWeight = config.weight();
        operators = config.state();
    }

    /** No agent is asked any more. */
    void forgetAgent() {
        agents = Admin.READY;
        agentUp = true;
        agentPercent = 100;
    }

    /** What it does not mention stays as it was. */
    void onReport(AgentReport report) {
        agents = report.admin().orElse(agents);
        agentUp = report.verdict().orElse(agentUp);
        agentPercent = report.weightPercent().orElse(agentPercent);
    }

    /** One line. */
    static String text(AgentReport report) {
        StringBuilder text = new StringBuilder("agent:");
        report.weightPercent()
                .ifPresent(percent -> text.append(' ').append(percent).append('%'));
        report.admin().ifPresent(admin -> text.append(' ').append(admin.name().toLowerCase(Locale.ROOT)));
        report.verdict().ifPresent(up -> text.append(up ? " up" : " down"));
        return text.append(report.reason().isEmpty() ? "" : " " + report.reason())
                .toString();
    }

    boolean isMaintenance() {
        return isOperatorsMaintenance() || agents == Admin.MAINTENANCE;
    }

    boolean isOperatorsMaintenance() {
        return operators == BackendConfig.State.MAINTENANCE;
    }

    /** No new connections, whether for a word or for want of weight. */
    boolean isDrain() {
        return operators == BackendConfig.State.DRAIN || agents == Admin.DRAIN || weight() == 0;
    }

    /** An agent's verdict, beside that of the checks; up until it says otherwise. */
    boolean isAgentUp() {
        return agentUp;
    }

    /** The configured weight times what the agent reports. */
    double weight() {
        return configuredWeight * agentPercent / 100.0;
    }
}
