package io.penstock.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.events.Event.Level;
import io.penstock.events.EventLog.Page;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EventLogTest {
    private static final Instant BEGAN = Instant.ofEpochMilli(1_795_320_000_123L);

    private enum EventType implements Event.Type {
        POOL,
        VIP;

        @Override
        public String label() {
            return name();
        }
    }

    private static final long BASE = 1_795_320_000_123_000L;

    private final EventLog log = new EventLog(Clock.fixed(BEGAN, ZoneOffset.UTC));

    private static void add(EventLog log, int count) {
        for (int i = 0; i < count; i++) {
            log.add(EventType.POOL, Level.INFO, "web", "event " + i, EventDetails.NONE);
        }
    }

    private static List<Long> ids(List<Event> events) {
        return events.stream().map(Event::id).toList();
    }

    @Test
    void shouldNumberFromTheStartOfTheProcess() {
        assertEquals(BASE, log.lastId());
        add(log, 2);
        assertEquals(List.of(BASE + 1, BASE + 2), ids(log.after(BASE).events()));
        assertEquals(BEGAN, log.after(BASE).events().get(0).at());
        assertTrue(log.lastId() < 1L << 53, "exact as a double");
    }

    @Test
    void shouldGiveWhatCameAfter() {
        add(log, 3);
        assertEquals(new Page(List.of(), false, BASE + 3), log.after(BASE + 3));
        Page page = log.after(BASE + 1);
        assertFalse(page.missed());
        assertEquals(List.of(BASE + 2, BASE + 3), ids(page.events()));
    }

    @Test
    void shouldGiveAllAndSaySoWhenAnotherProcessIsMeant() {
        EventLog later = new EventLog(Clock.fixed(BEGAN.plusMillis(1), ZoneOffset.UTC));
        add(log, 5);
        add(later, 2);
        Page afterRestart = later.after(log.lastId());
        assertTrue(afterRestart.missed());
        assertEquals(2, afterRestart.events().size());
        Page clockSetBack = log.after(later.lastId());
        assertTrue(clockSetBack.missed());
        assertEquals(5, clockSetBack.events().size());
        assertTrue(log.after(0).missed());
    }

    /** Against a list that forgets nothing. */
    @Property(tries = 60)
    void shouldKeepTheLast(
            @ForAll @IntRange(min = 0, max = 3 * EventLog.CAPACITY) int count,
            @ForAll @IntRange(min = 0, max = 3 * EventLog.CAPACITY) int known) {
        EventLog full = new EventLog(Clock.fixed(BEGAN, ZoneOffset.UTC));
        add(full, count);
        List<Long> all = new ArrayList<>();
        for (long id = BASE + 1; id <= BASE + count; id++) {
            all.add(id);
        }
        List<Long> kept = all.subList(Math.max(0, count - EventLog.CAPACITY), count);
        boolean missed = known > count || known < count - EventLog.CAPACITY;
        Page page = full.after(BASE + known);
        assertEquals(missed, page.missed());
        assertEquals(missed ? kept : all.subList(known, count), ids(page.events()));
        assertEquals(BASE + count, page.lastId());
    }

    @Test
    void shouldGiveTheLatestThatAreWanted() {
        add(log, 3);
        log.add(EventType.VIP, Level.ERROR, "192.0.2.10", "not-served", EventDetails.NONE);
        add(log, 3);
        assertEquals(List.of(BASE + 4), ids(log.latest(5, event -> event.type() == EventType.VIP)));
        assertEquals(List.of(BASE + 6, BASE + 7), ids(log.latest(2, event -> true)));
        assertEquals(7, log.latest(100, event -> true).size());
    }

    @Test
    @Timeout(30)
    void shouldWakeWhoWaits() throws Exception {
        CompletableFuture<Void> woken = CompletableFuture.runAsync(() -> {
            try {
                log.await(BASE, Duration.ofMinutes(10).toMillis());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        add(log, 1);
        woken.get(20, TimeUnit.SECONDS);
        log.await(BASE, Duration.ofMinutes(10).toMillis());
        log.await(BASE + 1, 1);
    }

    @Test
    @Timeout(60)
    void shouldLoseNothingWhenManyAppend() throws Exception {
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(CompletableFuture.runAsync(() -> add(log, 1_000)));
        }
        List<Long> seen = new ArrayList<>();
        long known = BASE;
        while (known < BASE + 4_000) {
            log.await(known, 1_000);
            Page page = log.after(known);
            assertFalse(page.missed());
            seen.addAll(ids(page.events()));
            known = page.lastId();
        }
        CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
        assertEquals(4_000, seen.size());
        assertEquals(BASE + 1, seen.get(0));
        assertEquals(BASE + 4_000, seen.get(3_999));
    }
}
