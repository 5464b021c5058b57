package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.events.Event;
import io.penstock.events.EventLog;
import io.penstock.forwarder.control.MemberState.Status;
import io.penstock.forwarder.control.Transition.Reason;
import io.penstock.forwarder.events.EventType;
import io.penstock.forwarder.operate.TransitionCount;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransitionLogTest {
    private final EventLog events = new EventLog(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    private final TransitionLog log = new TransitionLog(events);

    @Test
    void shouldTellWhatAndWhy() {
        log.of("web", "web-1").onTransition(Status.UP, Status.DOWN, Reason.CHECK, "timeout");
        log.of("web", "web-1").onTransition(Status.DOWN, Status.UP, Reason.CHECK, "connected");
        List<Event> told = events.latest(10, event -> true);
        Event down = told.get(0);
        assertEquals(EventType.BACKEND, down.type());
        assertEquals("web/web-1", down.subject());
        assertEquals(Event.Level.WARN, down.level());
        assertEquals("up to down: check: timeout", down.text());
        assertEquals(
                Map.of("from", "up", "to", "down", "reason", "check", "evidence", "timeout"),
                down.details().values());
        assertEquals(Event.Level.INFO, told.get(1).level());
    }

    @Test
    void shouldCountByPoolUntilThePoolIsGone() {
        for (String member : List.of("web-1", "web-2")) {
            log.of("web", member).onTransition(Status.UP, Status.DOWN, Reason.CHECK, "timeout");
        }
        log.of("web", "web-1").onTransition(Status.DOWN, Status.STARTING, Reason.CHECK, "connected");
        log.of("dns", "dns-1").onTransition(Status.UP, Status.EJECTED, Reason.EARLY_RESETS, "5 in a row");
        assertEquals(
                List.of(
                        new TransitionCount("dns", "ejected", "early-resets", 1),
                        new TransitionCount("web", "down", "check", 2),
                        new TransitionCount("web", "starting", "check", 1)),
                counts());
        log.forget("web");
        assertEquals(List.of(new TransitionCount("dns", "ejected", "early-resets", 1)), counts());
    }

    private List<TransitionCount> counts() {
        return log.counts().stream()
                .sorted(Comparator.comparing(TransitionCount::pool).thenComparing(TransitionCount::to))
                .toList();
    }
}
