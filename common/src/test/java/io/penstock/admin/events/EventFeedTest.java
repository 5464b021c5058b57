package io.penstock.admin.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.EventSink;
import io.penstock.admin.ServerSentEvent;
import io.penstock.events.Event;
import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.events.EventLog.Page;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who begins to follow is told how things stand, and then all that comes. */
@Timeout(60)
class EventFeedTest {
    private static final long BASE = 1_000;

    private enum Type implements Event.Type {
        STATE,
        OTHER;

        @Override
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final class Taking implements EventSink {
        private final BlockingQueue<ServerSentEvent> taken = new LinkedBlockingQueue<>();

        @Override
        public boolean trySend(ServerSentEvent event) {
            return taken.add(event);
        }

        @Override
        public void onClosed(Runnable action) {}

        @Override
        public void close() {}

        private void assertNext(long id, String subject) throws InterruptedException {
            ServerSentEvent event = taken.poll(20, TimeUnit.SECONDS);
            assertNotNull(event, "no event came");
            assertEquals(id, event.id());
            assertTrue(event.data().contains("\"subject\":\"" + subject + "\""), event::data);
        }
    }

    private final EventLog log = new EventLog(Clock.fixed(Instant.ofEpochMilli(1), ZoneOffset.UTC));
    private final Taking sink = new Taking();

    private Event add(Type type, String subject) {
        return log.add(type, Level.INFO, subject, "text", EventDetails.NONE);
    }

    private static EventFilter only(Type type) {
        return new EventFilter(Set.of(type), Optional.empty(), Level.INFO);
    }

    @Test
    void shouldTellNewcomersHowThingsStandAndThenWhatCame() throws Exception {
        Event web = add(Type.STATE, "web");
        add(Type.STATE, "forgotten");
        Page standing = new Page(List.of(web, add(Type.OTHER, "unwanted")), false, BASE + 3);
        try (EventFeed feed = new EventFeed(log, () -> standing, "feed")) {
            add(Type.STATE, "meanwhile");
            feed.follow(only(Type.STATE), Optional.empty(), sink);
            add(Type.OTHER, "unwanted");
            add(Type.STATE, "later");

            sink.assertNext(ServerSentEvent.NO_ID, "web");
            sink.assertNext(BASE + 4, "meanwhile");
            sink.assertNext(BASE + 6, "later");
            assertEquals(List.of(), List.copyOf(sink.taken));
        }
    }

    @Test
    void shouldTellOthersWhatTheyAskForOnly() throws Exception {
        Page standing = new Page(List.of(add(Type.STATE, "web")), false, BASE + 1);
        Taking latest = new Taking();
        try (EventFeed feed = new EventFeed(log, () -> standing, "feed")) {
            add(Type.STATE, "dns");
            feed.follow(only(Type.STATE), Optional.of(1), latest);
            feed.followAfter(BASE + 2, only(Type.STATE), sink);
            add(Type.STATE, "later");

            latest.assertNext(BASE + 2, "dns");
            latest.assertNext(BASE + 3, "later");
            sink.assertNext(BASE + 3, "later");
        }
    }
}
