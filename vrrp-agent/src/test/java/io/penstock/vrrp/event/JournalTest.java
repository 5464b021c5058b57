package io.penstock.vrrp.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.penstock.events.Event;
import io.penstock.events.Event.Level;
import io.penstock.events.EventLog;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.vrrp.event.VrrpEvent.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JournalTest {
    private static final long BASE = 1_000;

    private final Journal journal =
            new Journal(Clock.fixed(Instant.ofEpochMilli(1), ZoneOffset.UTC), new LinuxSyscalls());

    @AfterEach
    void close() {
        journal.close(Duration.ZERO);
    }

    private Event last(VrrpEvent event) {
        journal.record(event);
        List<Event> events = journal.log().after(journal.log().lastId() - 1).events();
        return events.get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "TRANSITION, to,      active,           INFO",
        "TRANSITION, to,      fault,            WARN",
        "GROUP,      to,      fault,            WARN",
        "PRIORITY,   to,      90,               INFO",
        "TRACK,      state,   down,             WARN",
        "TRACK,      state,   up,               INFO",
        "VIP,        what,    adopted,          INFO",
        "VIP,        what,    restored,         WARN",
        "VIP,        what,    removed,          WARN",
        "VIP,        what,    foreign,          WARN",
        "VIP,        what,    lapsed,           ERROR",
        "VIP,        what,    refused,          ERROR",
        "NOTICE,     about,   late,             ERROR",
        "NOTICE,     about,   duplicate-active, WARN",
        "CONFIG,     applied, true,             INFO",
        "CONFIG,     applied, false,            WARN",
    })
    void shouldSayHowMuchItMatters(Kind kind, String detail, String value, Level level) {
        assertEquals(
                level,
                last(new VrrpEvent(kind, "web", "text", Map.of(detail, value))).level());
    }

    @Test
    void shouldKnowHowThingsStand() {
        journal.record(transition("web", "backup"));
        journal.record(transition("dns", "backup"));
        journal.record(new VrrpEvent(Kind.PRIORITY, "web", "text", Map.of()));
        journal.record(transition("web", "active"));

        EventLog.Page page = journal.standing();

        assertEquals(BASE + 4, page.lastId());
        assertFalse(page.missed());
        assertEquals(
                List.of(BASE + 2, BASE + 4),
                page.events().stream().map(Event::id).toList());
        assertEquals(true, page.events().get(0).details().values().get("replay"));
        journal.record(transition("dns", "initialize"));
        assertEquals(1, journal.standing().events().size(), "what was stopped has no state");
    }

    private static VrrpEvent transition(String router, String to) {
        return new VrrpEvent(Kind.TRANSITION, router, "text", Map.of("to", to));
    }
}
