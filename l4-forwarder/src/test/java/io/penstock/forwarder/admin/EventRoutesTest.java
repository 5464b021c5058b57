package io.penstock.forwarder.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.Json;
import io.penstock.admin.ServerSentEvent;
import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.forwarder.events.EventType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class EventRoutesTest {
    private static final long BASE = FakeOperations.STARTED.toEpochMilli() * 1_000;

    @TempDir
    Path directory;

    private AdminFixture admin;

    @BeforeEach
    void start() throws IOException {
        admin = new AdminFixture(directory);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    /** A client in the background; what it gets comes out of the queue. */
    private final class Following implements AutoCloseable {
        private final BlockingQueue<ServerSentEvent> events = new LinkedBlockingQueue<>();
        private final AdminClient client = new AdminClient(admin.address(), Duration.ofSeconds(20));
        private final Thread thread;

        private Following(String uri, long lastEventId) {
            thread = new Thread(() -> {
                try {
                    client.stream(uri, lastEventId, events::add);
                } catch (IOException | InterruptedException closed) {
                    // By the test.
                }
            });
            thread.start();
        }

        private ServerSentEvent next() throws InterruptedException {
            ServerSentEvent event = events.poll(20, TimeUnit.SECONDS);
            assertNotNull(event, "no event came");
            return event;
        }

        private void assertNext(long id, String type) throws InterruptedException {
            ServerSentEvent event = next();
            assertEquals(id, event.id());
            assertEquals(type, event.event());
        }

        @Override
        public void close() {
            client.close();
            thread.interrupt();
        }
    }

    private void add(EventType type, Level level, String subject) {
        admin.views.events.add(type, level, subject, "text", EventDetails.NONE);
    }

    private JsonObject list(String query) throws Exception {
        Reply reply = admin.send("GET", "/v1/events?follow=false" + query, "");
        assertEquals(200, reply.status(), reply.body());
        return Json.parse(reply.body()).getAsJsonObject();
    }

    private static List<Long> ids(JsonObject list) {
        return StreamSupport.stream(list.getAsJsonArray("events").spliterator(), false)
                .map(event -> event.getAsJsonObject().get("id").getAsLong() - BASE)
                .toList();
    }

    @Test
    void shouldFollowFromWhatWasSeenLast() throws Exception {
        admin.views.addDown("web-1");
        admin.views.addDown("web-2");
        try (Following following = new Following("/v1/events", BASE + 1)) {
            ServerSentEvent replayed = following.next();
            assertEquals(BASE + 2, replayed.id());
            assertEquals("backend", replayed.event());
            new ApiDescription(new String(OpenApi.answer().body(), StandardCharsets.UTF_8))
                    .assertDescribes("Event", replayed.data());
            assertFalse(replayed.data().contains("\n"), "one line each");
            JsonObject json = Json.parse(replayed.data()).getAsJsonObject();
            assertEquals("web/web-2", json.get("subject").getAsString());
            assertEquals("warn", json.get("level").getAsString());
            assertEquals(
                    "{\"from\":\"up\",\"to\":\"down\",\"new\":3,\"applied\":true,\"of\":[\"a\"]}",
                    json.get("details").toString());
            admin.views.addDown("web-3");
            following.assertNext(BASE + 3, "backend");
        }
    }

    @Test
    void shouldTellOfAGapAndGoOnWithWhatThereIs() throws Exception {
        for (int i = 0; i < EventLog.CAPACITY + 5; i++) {
            add(EventType.POOL, Level.INFO, "web");
        }
        try (Following following = new Following("/v1/events", BASE + 2)) {
            ServerSentEvent gap = following.next();
            assertEquals("gap", gap.event());
            assertEquals(BASE + 5, gap.id(), "who comes back with it has no other");
            new ApiDescription(new String(OpenApi.answer().body(), StandardCharsets.UTF_8))
                    .assertDescribes("Event", gap.data());
            for (long id = BASE + 6; id <= BASE + EventLog.CAPACITY + 5; id++) {
                following.assertNext(id, "pool");
            }
        }
    }

    @Test
    void shouldTellOfAGapWhenTheLastEventWasOfAnotherProcess() throws Exception {
        admin.views.addDown("web-1");
        try (Following following = new Following("/v1/events", BASE - 17)) {
            following.assertNext(BASE, "gap");
            following.assertNext(BASE + 1, "backend");
        }
    }

    @Test
    void shouldBeginWithNothingOrTheLatest() throws Exception {
        admin.views.addDown("web-1");
        add(EventType.POOL, Level.INFO, "web");
        admin.views.addDown("web-2");
        try (Following latest = new Following("/v1/events?limit=1&type=pool,vip", 0);
                Following all = new Following("/v1/events?since=0", 0)) {
            latest.assertNext(BASE + 2, "pool");
            for (long id = BASE + 1; id <= BASE + 3; id++) {
                all.assertNext(id, id == BASE + 2 ? "pool" : "backend");
            }
            add(EventType.VIP, Level.ERROR, "192.0.2.10");
            latest.assertNext(BASE + 4, "vip");
            all.assertNext(BASE + 4, "vip");
            assertNull(latest.events.peek());
        }
    }

    /** A browser comes back by the same address, and never again after an error. */
    @Test
    void shouldGoOnForWhoBeganWithTheLatest() throws Exception {
        for (int i = 0; i < 3; i++) {
            add(EventType.POOL, Level.INFO, "web");
        }
        try (Following again = new Following("/v1/events?limit=1", BASE + 1)) {
            again.assertNext(BASE + 2, "pool");
            again.assertNext(BASE + 3, "pool");
        }
    }

    @Test
    void shouldListTheLatestOrWhatCameAfter() throws Exception {
        for (int i = 0; i < 5; i++) {
            add(EventType.POOL, Level.INFO, "web");
        }
        assertEquals(List.of(4L, 5L), ids(list("&limit=2")));
        JsonObject page = list("&limit=2&since=" + (BASE + 1));
        assertEquals(List.of(2L, 3L), ids(page));
        assertEquals(BASE + 3, page.get("lastId").getAsLong(), "to ask on from");
        JsonObject last = list("&limit=2&since=" + (BASE + 3));
        assertEquals(List.of(4L, 5L), ids(last));
        assertEquals(BASE + 5, last.get("lastId").getAsLong());
        assertEquals(List.of(), ids(list("&since=" + (BASE + 5))));
        assertFalse(list("&since=0").get("gap").getAsBoolean());
        assertTrue(list("&since=" + (BASE - 1)).get("gap").getAsBoolean());
    }

    @Test
    void shouldFilter() throws Exception {
        admin.views.addDown("web-1");
        add(EventType.POOL, Level.INFO, "web");
        add(EventType.POOL, Level.ERROR, "dns");
        assertEquals(List.of(1L, 3L), ids(list("&level=warn")));
        assertEquals(List.of(2L, 3L), ids(list("&type=pool")));
        assertEquals(List.of(3L), ids(list("&type=pool,backend&subject=dns")));
        assertEquals(List.of(), ids(list("&subject=web&level=error")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            follow=maybe        | follow must be true or false
            since=x             | since must be a whole number
            limit=0             | limit must be from 1 to 4096
            limit=5&since=1     | limit is for a list, or for a stream without since
            level=debug         | level must be one of: info, warn, error
            type=backend,nil    | type must be some of: backend, drain, listener, override, pool, process, reload, service, trouble, vip, xdp
            """)
    void shouldSayWhatIsWrong(String query, String error) throws Exception {
        Reply reply = admin.send("GET", "/v1/events?" + query, "");
        assertEquals(400, reply.status());
        assertEquals(
                error, Json.parse(reply.body()).getAsJsonObject().get("error").getAsString());
    }
}
