package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.control.MemberState.Status;
import io.penstock.forwarder.control.Transition.Reason;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransitionLogTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final TransitionLog log = new TransitionLog(Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void shouldKeepWhatAndWhenAndWhy() {
        log.of("web", "web-1").onTransition(Status.UP, Status.DOWN, Reason.CHECK, "timeout");
        assertEquals(
                List.of(new Transition(NOW, "web", "web-1", Status.UP, Status.DOWN, Reason.CHECK, "timeout")),
                log.last());
        assertEquals(1, log.count(Status.DOWN));
        assertEquals(1, log.count(Reason.CHECK));
        assertEquals(0, log.count(Status.UP));
    }

    @Test
    void shouldKeepTheLastAndCountAll() {
        int all = TransitionLog.CAPACITY + 10;
        for (int i = 0; i < all; i++) {
            log.of("web", "m" + i).onTransition(Status.UP, Status.DOWN, Reason.CHECK, "timeout");
        }
        assertEquals(TransitionLog.CAPACITY, log.last().size());
        assertEquals("m10", log.last().get(0).member());
        assertEquals("m" + (all - 1), log.last().get(TransitionLog.CAPACITY - 1).member());
        assertEquals(all, log.count(Status.DOWN));
    }
}
