package io.penstock.forwarder.control;

import io.penstock.forwarder.control.MemberState.Status;
import io.penstock.forwarder.control.Transition.Reason;
import io.penstock.metrics.Counters;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every transition goes: one line in the log, the counters, and a ring of the last {@link #CAPACITY}. Written by
 * the control thread, read by any.
 */
final class TransitionLog {
    /** A rack of 500 that fails and returns is still in it whole. */
    static final int CAPACITY = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(TransitionLog.class);

    private final Clock clock;
    private final Deque<Transition> last = new ArrayDeque<>();
    private final Counters<Status> byStatus = new Counters<>(Status.class);
    private final Counters<Reason> byReason = new Counters<>(Reason.class);

    TransitionLog(Clock clock) {
        this.clock = clock;
    }

    /** The listener of one member's state. */
    MemberState.Listener of(String pool, String member) {
        return (from, to, reason, evidence) ->
                add(new Transition(clock.instant(), pool, member, from, to, reason, evidence));
    }

    private void add(Transition transition) {
        LOG.info(
                "event=backend backend={}/{} from={} to={} reason={} evidence=\"{}\"",
                transition.pool(),
                transition.member(),
                transition.from(),
                transition.to(),
                transition.reason().label(),
                transition.evidence());
        byStatus.increment(transition.to());
        byReason.increment(transition.reason());
        synchronized (last) {
            if (last.size() == CAPACITY) {
                last.removeFirst();
            }
            last.addLast(transition);
        }
    }

    /** The oldest first. */
    List<Transition> last() {
        synchronized (last) {
            return List.copyOf(last);
        }
    }

    /** Transitions to a status. */
    long count(Status to) {
        return byStatus.value(to);
    }

    long count(Reason reason) {
        return byReason.value(reason);
    }
}
