package io.penstock.forwarder.control;

import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.forwarder.control.MemberState.Status;
import io.penstock.forwarder.control.Transition.Reason;
import io.penstock.forwarder.events.EventType;
import io.penstock.forwarder.operate.TransitionCount;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every transition goes: one line in the log, one event, and a counter of its pool. Written by the control thread,
 * read by any.
 */
final class TransitionLog {
    private static final Logger LOG = LoggerFactory.getLogger(TransitionLog.class);

    private final EventLog events;

    /** As many as there are pools, states and reasons; not of each backend, of which names may bring ever new ones. */
    private final Map<Kind, LongAdder> counts = new ConcurrentHashMap<>();

    private record Kind(String pool, Status to, Reason reason) {}

    TransitionLog(EventLog events) {
        this.events = events;
    }

    /** The listener of one member's state. */
    MemberState.Listener of(String pool, String member) {
        return (from, to, reason, evidence) -> add(pool, member, new Transition(from, to, reason, evidence));
    }

    private void add(String pool, String member, Transition transition) {
        String subject = pool + "/" + member;
        LOG.info(
                "event=backend backend={} from={} to={} reason={} evidence=\"{}\"",
                subject,
                transition.from(),
                transition.to(),
                transition.reason().label(),
                transition.evidence());
        counts.computeIfAbsent(new Kind(pool, transition.to(), transition.reason()), kind -> new LongAdder())
                .increment();
        events.add(
                EventType.BACKEND,
                transition.to().isTrouble() ? Level.WARN : Level.INFO,
                subject,
                transition.toString(),
                EventDetails.of("from", transition.from().label())
                        .and("to", transition.to().label())
                        .and("reason", transition.reason().label())
                        .and("evidence", transition.evidence()));
    }

    /** The pool is gone. */
    void forget(String pool) {
        counts.keySet().removeIf(kind -> kind.pool.equals(pool));
    }

    List<TransitionCount> counts() {
        return counts.entrySet().stream()
                .map(entry -> new TransitionCount(
                        entry.getKey().pool,
                        entry.getKey().to.label(),
                        entry.getKey().reason.label(),
                        entry.getValue().sum()))
                .toList();
    }
}
