package io.penstock.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.penstock.events.Event.Level;
import io.penstock.events.EventJournal.Bearing;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EventJournalTest {
    private static final long BASE = 1_000;

    private enum Kind implements Event.Type {
        STATE,
        SESSION,
        NOTE;

        @Override
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final EventJournal journal = new EventJournal(
            Clock.fixed(Instant.ofEpochMilli(1), ZoneOffset.UTC),
            "test-log",
            Set.of(Kind.STATE),
            EventJournalTest::bearing);

    private static Bearing bearing(Event event) {
        if (event.type() == Kind.NOTE) {
            return Bearing.PASSING;
        }
        return "gone".equals(event.details().values().get("to")) ? Bearing.ENDING : Bearing.LASTING;
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void shouldKnowHowThingsStand() {
        Event unused = state("web", "up");
        unused = state("dns", "up");
        unused = journal.add(Kind.NOTE, Level.WARN, "web", "text", Map.of());
        unused = journal.add(Kind.SESSION, Level.INFO, "web", "text", Map.of("to", "established"));
        unused = state("web", "down");

        EventLog.Page page = journal.standing();

        assertEquals(BASE + 5, page.lastId());
        assertFalse(page.missed());
        assertEquals(
                List.of(BASE + 2, BASE + 4, BASE + 5),
                page.events().stream().map(Event::id).toList());
        assertEquals(true, page.events().get(0).details().values().get("replay"));
        unused = state("dns", "gone");
        assertEquals(
                List.of(BASE + 4, BASE + 5),
                journal.standing().events().stream().map(Event::id).toList());
    }

    @Test
    void shouldWriteOneLineEach() {
        assertEquals(
                "event=state subject=web to=\"no 'word' of it?event=x\"",
                EventLines.line(state("web", "no \"word\" of it\nevent=x"), false));
        Event note = journal.add(Kind.NOTE, Level.INFO, "a VIP", "someone removed it", Map.of("vip", "192.0.2.10"));
        assertEquals(
                "event=note subject=\"a VIP\" vip=192.0.2.10 text=\"someone removed it\"", EventLines.line(note, true));
    }

    /** However many there are when it is closed. */
    @Test
    void shouldHaveWrittenAllWhenClosed() {
        PrintStream before = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            for (int i = 0; i < 100; i++) {
                Event unused = state("web", "written-" + i);
            }
            journal.close();
        } finally {
            System.setErr(before);
        }
        List<String> lines = written.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("to=written-"))
                .map(line -> line.substring(line.indexOf("event=")))
                .toList();
        assertEquals(100, lines.size());
        assertEquals("event=state subject=web to=written-99", lines.get(99));
    }

    private Event state(String subject, String to) {
        return journal.add(Kind.STATE, Level.INFO, subject, "not shown", Map.of("to", to));
    }
}
