package io.penstock.forwarder.control;

import io.penstock.events.Event;
import io.penstock.events.EventLog;
import io.penstock.forwarder.control.MemberState.Status;
import io.penstock.forwarder.control.Transition.Reason;
import io.penstock.forwarder.events.EventType;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The transitions of members that an event log has. */
final class SeenTransitions {
    private final EventLog events;

    SeenTransitions(EventLog events) {
        this.events = events;
    }

    /** The oldest first. */
    List<Transition> all() {
        return events().stream().map(SeenTransitions::transition).toList();
    }

    /** Whose they were, in the same order. */
    List<String> members() {
        return events().stream()
                .map(event -> event.subject().substring(event.subject().indexOf('/') + 1))
                .toList();
    }

    long count(Status to) {
        return all().stream().filter(one -> one.to() == to).count();
    }

    long count(Reason reason) {
        return all().stream().filter(one -> one.reason() == reason).count();
    }

    private List<Event> events() {
        return events.latest(EventLog.CAPACITY, event -> event.type() == EventType.BACKEND);
    }

    private static Transition transition(Event event) {
        Map<String, Object> details = event.details().values();
        return new Transition(
                Status.valueOf(constant(details.get("from"))),
                Status.valueOf(constant(details.get("to"))),
                Reason.valueOf(constant(details.get("reason"))),
                details.get("evidence").toString());
    }

    private static String constant(Object label) {
        return label.toString().toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
