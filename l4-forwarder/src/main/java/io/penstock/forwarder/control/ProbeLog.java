package io.penstock.forwarder.control;

import io.penstock.health.HealthCheck;
import io.penstock.health.ProbeResult;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once when a check of one member cannot be made, or its agent does not answer, and once when that is over: neither
 * changes the member's status. Belongs to the probing thread.
 */
final class ProbeLog {
    /** For an agent, which has no {@code fall}. */
    static final int AGENT_PROBES = 3;

    private static final Logger LOG = LoggerFactory.getLogger(ProbeLog.class);

    private final String backend;
    private final Map<String, Silence> checks = new HashMap<>();
    private final Silence agent = new Silence(AGENT_PROBES);

    /** @param backend as {@code POOL/ID} */
    ProbeLog(String backend) {
        this.backend = backend;
    }

    void onCheck(HealthCheck check, ProbeResult result) {
        Silence silence = checks.computeIfAbsent(check.name(), name -> new Silence(check.fall()));
        boolean verdict = result.outcome() != ProbeResult.Outcome.NO_VERDICT;
        switch (silence.onProbe(verdict)) {
            case BEGINS ->
                LOG.warn(
                        "event=check-impossible backend={} check={} evidence=\"{}\"",
                        backend,
                        check.name(),
                        result.evidence());
            case ENDS -> LOG.info("event=check-possible backend={} check={}", backend, check.name());
            case NONE -> {}
        }
    }

    void onAgentAnswered() {
        if (agent.onProbe(true) == Silence.Change.ENDS) {
            LOG.info("event=agent-answers backend={}", backend);
        }
    }

    void onAgentSilent(String evidence) {
        if (agent.onProbe(false) == Silence.Change.BEGINS) {
            LOG.warn("event=agent-silent backend={} evidence=\"{}\"", backend, evidence);
        }
    }
}
