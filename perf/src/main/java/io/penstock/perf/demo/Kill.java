package io.penstock.perf.demo;

import java.util.Set;

/**
 * One backend's death, as the backend itself saw it; from this follows which failures of clients are its fault.
 *
 * @param startNs before the first connection was reset
 * @param endNs after the last one was
 * @param openFlows flows that were on it and were reset
 * @param anonymousFlows connections on it whose first line had not arrived yet, reset as well
 */
record Kill(String backend, long startNs, long endNs, Set<Integer> openFlows, int anonymousFlows) {
    /**
     * A connection that the kernel completes between the last accept and the close of the listener is reset without
     * the backend ever seeing it. The window is microseconds; more than this many in it would be a fault elsewhere.
     */
    static final int UNSEEN_MAX = 1;

    enum Verdict {
        OK,
        /** Failed because its backend died under it: the one failure a layer 4 balancer cannot prevent. */
        WAS_ON_KILLED_BACKEND,
        /** Failed with its backend alive, or without ever having had one: a broken promise. */
        LOST,
        CORRUPTED
    }

    /** Judges results one by one; it keeps count of the nameless failures that the kill can account for. */
    static final class Judge {
        private final Kill kill;
        private int namelessLeft;

        Judge(Kill kill) {
            this.kill = kill;
            this.namelessLeft = kill.anonymousFlows + UNSEEN_MAX;
        }

        Verdict judge(FlowResult result) {
            return switch (result.end()) {
                case OK -> Verdict.OK;
                case CORRUPTED -> Verdict.CORRUPTED;
                case FAILED -> isExcused(result) ? Verdict.WAS_ON_KILLED_BACKEND : Verdict.LOST;
            };
        }

        private boolean isExcused(FlowResult result) {
            boolean openAtKill = result.startNs() <= kill.endNs && result.endNs() >= kill.startNs;
            if (!openAtKill) {
                return false;
            }
            if (result.backend() != null) {
                return result.backend().equals(kill.backend);
            }
            if (kill.openFlows.contains(result.id())) {
                return true;
            }
            return namelessLeft-- > 0;
        }
    }

    /** Whether the connection began when this backend could serve nobody. */
    boolean wasDownAtStartOf(FlowResult result, long returnedNs) {
        return result.startNs() > endNs && result.startNs() < returnedNs;
    }
}
