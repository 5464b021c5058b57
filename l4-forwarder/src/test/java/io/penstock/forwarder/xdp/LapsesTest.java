package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.xdp.Lapses.Cause;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LapsesTest {
    private final Lapses lapses = new Lapses();

    @Test
    void shouldTellWhatFailsUntilTheSameSucceeds() {
        lapses.failed(Cause.NAMES, "no space", 0);
        lapses.failed(Cause.NEWS, "no memory", 0);
        lapses.succeeded(Cause.LOOK);
        assertEquals(List.of("no memory", "no space"), lapses.texts());

        lapses.succeeded(Cause.NEWS);

        assertEquals(List.of("no space"), lapses.texts());
        assertFalse(lapses.isFailing(Cause.NEWS));
        assertTrue(lapses.isFailing(Cause.NAMES));
    }

    @Test
    void shouldCountFromTheFirstOfFailuresInARow() {
        lapses.failed(Cause.TABLE, "one", 100);
        assertEquals(Optional.empty(), lapses.lasting(Cause.TABLE, 100, 50));
        lapses.failed(Cause.TABLE, "two", 140);

        assertEquals(Optional.empty(), lapses.lasting(Cause.TABLE, 149, 50));
        assertEquals(Optional.of("two"), lapses.lasting(Cause.TABLE, 150, 50));
        assertEquals(Optional.empty(), lapses.lasting(Cause.MAPS, 150, 50));
    }

    @Test
    void shouldBeginAnewAfterASuccess() {
        lapses.failed(Cause.TABLE, "one", 100);
        lapses.succeeded(Cause.TABLE);
        lapses.failed(Cause.TABLE, "two", 140);

        assertEquals(Optional.empty(), lapses.lasting(Cause.TABLE, 189, 50));
        assertEquals(Optional.of("two"), lapses.lasting(Cause.TABLE, 190, 50));
    }
}
