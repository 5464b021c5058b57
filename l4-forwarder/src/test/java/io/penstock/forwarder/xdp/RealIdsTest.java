package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.IpAddress;
import java.util.HashSet;
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
        assertEquals(List.of(id), ids.expire(10, 20, packets -> false));

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
        IpAddress address = PacketTables.ip("10.0.0.1");
        assertTrue(ids.adopt(RealKey.nameless(5, address), 5, 2));
        assertTrue(ids.adopt(RealKey.nameless(7, address), 7, 3));

        assertEquals(5, ids.use(key("a", "10.0.0.1")));
        assertEquals(5, ids.use(key("a", "10.0.0.1")));
        assertEquals(7, ids.use(key("b", "10.0.0.1")));
        assertEquals(2, ids.generation(5));
        assertEquals(3, ids.generation(7));
        assertEquals(0, ids.use(key("c", "10.0.0.1")));
    }

    @Test
    void shouldKeepTheNumberToWhichPacketsCome() {
        ids.use(key("a", "10.0.0.1"));
        ids.retain(Set.of(), 10);

        assertEquals(List.of(), ids.expire(10, 20, busy -> true));
        assertEquals(20, ids.nextNs());
        assertEquals(List.of(), ids.expire(19, 29, busy -> false));
        assertEquals(List.of(0), ids.expire(20, 30, busy -> false));
    }

    @Test
    void shouldGiveTheNumberAwayToWhichPacketsComeWhenThereIsNoOther() {
        for (int i = 0; i < Abi.MAX_REALS; i++) {
            assertEquals(i, ids.use(key("a" + i, "10.0.0.1")));
        }
        Set<RealKey> others = new HashSet<>(ids.keys().values());
        others.remove(key("a6", "10.0.0.1"));
        ids.retain(others, 10);
        others.remove(key("a5", "10.0.0.1"));
        ids.retain(others, 20);

        assertEquals(StableIds.FULL, ids.use(key("b", "10.0.0.2")), "a ring may name it");
        assertEquals(List.of(), ids.expire(20, 30, busy -> true));

        assertEquals(6, ids.use(key("b", "10.0.0.2")));
        assertEquals(2, ids.generation(6));
        assertEquals(5, ids.use(key("c", "10.0.0.3")));
        assertEquals(StableIds.FULL, ids.use(key("d", "10.0.0.4")));
    }

    private static RealKey key(String name, String address) {
        return new RealKey("web", "web", name, PacketTables.ip(address));
    }
}
