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
        return ConnectionId.of(worker, EventToken.of(generation, slot, EventKind.TCP_CLIENT));
    }

    /** As jq and browsers read JSON. */
    @Property
    void shouldComeThroughADoubleUnchanged(
            @ForAll @IntRange(max = 1023) int worker,
            @ForAll @IntRange(max = EventToken.MAX_SLOTS - 1) int slot,
            @ForAll int generation) {
        long id = id(worker, slot, generation);
        assertTrue(id >= 0);
        assertEquals(id, (long) (double) id);
    }

    @Test
    void shouldBeAnothersInEachSlotOfEachWorkerAndForTheNextInTheSameSlot() {
        assertNotEquals(id(0, 7, -1), id(1, 7, -1));
        assertNotEquals(id(0, 7, -1), id(0, 8, -1));
        assertNotEquals(id(0, 7, -1), id(0, 7, -3));
    }
}
