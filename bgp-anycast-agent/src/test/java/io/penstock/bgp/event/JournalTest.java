package io.penstock.bgp.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.events.Event;
import io.penstock.events.Event.Level;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JournalTest {
    private final Journal journal = new Journal(Clock.systemUTC());

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void shouldTellEventAsItIs() {
        journal.record(new BgpEvent(
                Kind.REFUSED,
                Level.WARN,
                "web",
                "the daemon would not",
                Map.of("prefix", "192.0.2.10/32", "cause", "x")));
        Event event = journal.log().after(journal.log().lastId() - 1).events().get(0);
        assertEquals(Kind.REFUSED, event.type());
        assertEquals(Level.WARN, event.level());
        assertEquals("web", event.subject());
        assertEquals("the daemon would not", event.text());
        assertEquals(
                Map.of("prefix", "192.0.2.10/32", "cause", "x"), event.details().values());
    }

    /** A VIP and a neighbour of the same name are two. */
    @Test
    void shouldKnowStateOfVipsNeighboursAndDaemon() {
        record(Kind.DAEMON, BgpEvent.AGENT, "state", "connected");
        record(Kind.STATE, "web", "to", "up");
        record(Kind.PEER, "web", "to", "established");
        record(Kind.STATE, "dns", "to", "up");
        record(Kind.ANNOUNCED, "web", "prefix", "192.0.2.10/32");
        record(Kind.ORDER, "web", "order", "drain");
        record(Kind.STATE, "web", "to", "draining");
        assertEquals(List.of("daemon agent", "peer web", "state dns", "state web"), standing());
        List<Event> told = journal.standing().events();
        assertEquals("draining", told.get(3).details().values().get("to"));
        assertTrue(told.stream()
                .allMatch(event -> event.details().values().get("replay").equals(true)));
    }

    @Test
    void shouldKnowNoStateOfWhatIsRemoved() {
        record(Kind.STATE, "web", "to", "up");
        record(Kind.PEER, "web", "to", "established");
        record(Kind.STATE, "web", "to", BgpEvent.REMOVED);
        assertEquals(List.of("peer web"), standing());
    }

    private void record(Kind kind, String subject, String detail, String value) {
        journal.record(new BgpEvent(kind, Level.INFO, subject, "text", Map.of(detail, value)));
    }

    private List<String> standing() {
        return journal.standing().events().stream()
                .map(event -> event.type().label() + " " + event.subject())
                .toList();
    }
}
