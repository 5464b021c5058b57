package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RealIdsTest {
    private final RealIds ids = new RealIds();

    @Test
    void shouldCountTheGenerationUpWhenANumberIsAnothers() {
        int id = ids.use(key("a", "10.0.0.1"));
        int generation = ids.generation(id);
        ids.use(key("a", "10.0.0.1"));
        assertEquals(generation, ids.generation(id));

        ids.retain(Set.of(), 10);
        assertEquals(List.of(id), ids.expire(10));

        assertEquals(id, ids.use(key("b", "10.0.0.2")));
        assertEquals(generation + 1, ids.generation(id));
    }

    @Test
    void shouldTellABackendAtAnotherAddressApart() {
        assertNotEquals(ids.use(key("a", "10.0.0.1")), ids.use(key("a", "10.0.0.2")));
    }

    @Test
    void shouldGoOnWithGenerationsOfAProcessBefore() {
        ids.adopt(0, 7);
        assertTrue(ids.adopt(key("b", "10.0.0.2"), 1, 3));

        assertEquals(1, ids.use(key("b", "10.0.0.2")));
        assertEquals(3, ids.generation(1));
        assertEquals(0, ids.use(key("a", "10.0.0.1")));
        assertEquals(8, ids.generation(0));
    }

    @Test
    void shouldKnowABackendByItsAddressWhenItsNameIsLost() {
        ids.adopt(RealKey.nameless(PacketTables.ip("10.0.0.1")), 5, 2);

        assertEquals(5, ids.use(key("a", "10.0.0.1")));
        assertEquals(2, ids.generation(5));
    }

    private static RealKey key(String name, String address) {
        return new RealKey("web", "web", name, PacketTables.ip(address));
    }
}
