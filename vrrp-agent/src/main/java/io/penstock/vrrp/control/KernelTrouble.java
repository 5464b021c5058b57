package io.penstock.vrrp.control;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A kernel that gives no answer is asked again; meanwhile leases may lapse, as they are meant to. Of the agent's thread. */
final class KernelTrouble {
    private static final Logger LOG = LoggerFactory.getLogger(KernelTrouble.class);

    /** After which it is asked again. */
    static final long RETRY_NS = 1_000_000_000;

    private final AgentFigures figures;
    private Optional<String> cause = Optional.empty();
    private long retryAtNs = Long.MAX_VALUE;

    /** What the kernel is asked for. */
    interface Work {
        void run() throws IOException;
    }

    KernelTrouble(AgentFigures figures) {
        this.figures = figures;
    }

    /** Whether it was done. */
    boolean guard(Work work, long nowNs) {
        try {
            work.run();
            return true;
        } catch (IOException e) {
            figures.count(AgentCounter.KERNEL_FAILURES);
            if (!cause.equals(Optional.of(e.getMessage()))) {
                LOG.error("event=kernel-trouble cause=\"{}\"", e.getMessage());
            }
            cause = Optional.of(e.getMessage());
            retryAtNs = nowNs + RETRY_NS;
            return false;
        }
    }

    /** All that it was asked for was done. */
    void end() {
        cause = Optional.empty();
        retryAtNs = Long.MAX_VALUE;
    }

    /** Empty when there is none. */
    Optional<String> cause() {
        return cause;
    }

    /** When to ask again; Long.MAX_VALUE for never. */
    long retryAtNs() {
        return retryAtNs;
    }
}
