package io.penstock.forwarder.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class EventTokenTest {
    @Property
    void shouldRoundTrip(
            @ForAll int generation,
            @ForAll @IntRange(max = EventToken.MAX_SLOTS - 1) int slot,
            @ForAll @IntRange(max = 255) int kind) {
        long token = EventToken.of(generation, slot, kind);
        assertEquals(generation, EventToken.generation(token));
        assertEquals(slot, EventToken.slot(token));
        assertEquals(kind, EventToken.kind(token));
    }
}
