package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.events.Event;
import io.penstock.events.EventLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftPlanesTest {
    /** That no plane on this host has. */
    private static final String NAME = "left-planes-test";

    @TempDir
    Path planes;

    private final EventLog events = new EventLog(Clock.systemUTC());

    @Test
    void shouldWarnOfAPlaneThatNobodyHas() throws Exception {
        pin(NAME, "config", "link-eth1", "link-eth0");

        Event event = tell(Optional.of("mine")).get(0);

        assertEquals(NAME, event.subject());
        assertTrue(event.text().contains("attached to eth0, eth1:"), event::text);
        assertTrue(event.text().endsWith("l4-forwarder xdp detach --name " + NAME), event::text);
    }

    @Test
    void shouldSayNothingOfItsOwn() throws Exception {
        pin(NAME, "link-eth0");

        assertEquals(List.of(), tell(Optional.of(NAME)));
    }

    @Test
    void shouldSayNothingOfMapsThatNoProgramGoesBy() throws Exception {
        pin(NAME, "config");

        assertEquals(List.of(), tell(Optional.empty()));
    }

    @Test
    void shouldSayNothingWhereThereIsNoDirectory() {
        LeftPlanes.tell(new PlaneLog(events), planes.resolve("none"), Optional.empty());

        assertEquals(List.of(), latest());
    }

    private void pin(String plane, String... pins) throws Exception {
        Path directory = Files.createDirectories(planes.resolve(plane));
        for (String pin : pins) {
            Files.createFile(directory.resolve(pin));
        }
    }

    private List<Event> tell(Optional<String> own) {
        LeftPlanes.tell(new PlaneLog(events), planes, own);
        return latest();
    }

    private List<Event> latest() {
        return events.latest(10, event -> true);
    }
}
