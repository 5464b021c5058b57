package io.penstock.forwarder.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ConnectionIdTest {
    private static long id(int worker, int slot, int generation) {
        return id(worker, slot, generation, EventKind.TCP_CLIENT);
    }

    private static long id(int worker, int slot, int generation, int kind) {
        return ConnectionId.of(worker, EventToken.of(generation, slot, kind));
    }

    /** As jq and browsers read JSON. */
    @Property
    void shouldComeThroughADoubleUnchanged(
            @ForAll @IntRange(max = 1023) int worker,
            @ForAll @IntRange(max = EventToken.MAX_SLOTS - 1) int slot,
            @ForAll int generation,
            @ForAll boolean udp) {
        long id = id(worker, slot, generation, udp ? EventKind.UDP_BACKEND : EventKind.TCP_CLIENT);
        assertTrue(id >= 0);
        assertEquals(id, (long) (double) id);
    }

    @Test
    void shouldBeAnothersInEachSlotOfEachWorkerAndForTheNextInTheSameSlot() {
        assertNotEquals(id(0, 7, -1), id(1, 7, -1));
        assertNotEquals(id(0, 7, -1), id(0, 8, -1));
        assertNotEquals(id(0, 7, -1), id(0, 7, -3));
    }

    /** A worker counts the slots of each protocol from 0. */
    @Test
    void shouldTellASessionFromAConnectionInASlotOfTheSameNumber() {
        assertNotEquals(id(0, 7, 5, EventKind.TCP_CLIENT), id(0, 7, 5, EventKind.UDP_BACKEND));
        assertNotEquals(id(0, 7, -1, EventKind.TCP_CLIENT), id(0, 7, -1, EventKind.UDP_BACKEND));
    }
}
