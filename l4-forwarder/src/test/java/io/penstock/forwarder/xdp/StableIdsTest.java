package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StableIdsTest {
    private final StableIds<String> ids = new StableIds<>(3);

    @Test
    void shouldGiveAKeyTheSameNumberAgain() {
        assertEquals(0, ids.use("a"));
        assertEquals(1, ids.use("b"));
        assertEquals(0, ids.use("a"));
    }

    @Test
    void shouldBeFullWhenAllAreTaken() {
        ids.use("a");
        ids.use("b");
        ids.use("c");

        assertEquals(StableIds.FULL, ids.use("d"));
    }

    @Test
    void shouldKeepTheNumberOfWhatLeftUntilItsTimeIsOver() {
        ids.use("a");
        assertEquals(List.of("a"), ids.retain(Set.of(), 100));
        assertEquals(List.of(), ids.retain(Set.of(), 200));
        assertEquals(100, ids.nextNs());

        assertEquals(List.of(), ids.expire(99));
        assertEquals(1, ids.use("b"));
        assertEquals(List.of(0), ids.expire(100));
        assertEquals(0, ids.use("c"));
        assertEquals(StableIds.FULL, ids.find("a"));
    }

    @Test
    void shouldKeepTheNumberOfWhatComesBack() {
        ids.use("a");
        ids.retain(Set.of(), 100);

        assertEquals(0, ids.use("a"));
        assertEquals(List.of(), ids.expire(1000));
        assertEquals(0, ids.find("a"));
        assertEquals(Long.MAX_VALUE, ids.nextNs());
    }

    @Test
    void shouldKeepTheNumberForLongerWhenThatIsPutOff() {
        ids.use("a");
        ids.retain(Set.of(), 100);
        assertEquals(List.of(), ids.due(99));
        assertEquals(List.of("a"), ids.due(100));

        ids.postpone("a", 200);
        ids.postpone("b", 300);

        assertEquals(List.of(), ids.due(100));
        assertEquals(200, ids.nextNs());
        assertEquals(List.of(0), ids.expire(200));
    }

    @Test
    void shouldTakeOverNumbers() {
        assertTrue(ids.adopt("a", 2));
        assertFalse(ids.adopt("b", 2));
        assertFalse(ids.adopt("a", 1));
        assertFalse(ids.adopt("c", 3));
        assertTrue(ids.rename("a", "d"));
        assertFalse(ids.rename("a", "e"));

        assertEquals(2, ids.use("d"));
        assertEquals(0, ids.use("a"));
    }

    @Test
    void shouldForgetAtOnce() {
        ids.use("a");
        ids.forget("a");

        assertEquals(0, ids.use("b"));
    }
}
