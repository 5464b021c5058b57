package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.table.SourceAffinity;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SerialNumbersTest {
    private final SerialNumbers serials = new SerialNumbers();

    @Test
    void shouldNumberEachOnce() {
        assertEquals(0, serials.of("a"));
        assertEquals(1, serials.of("b"));
        assertEquals(0, serials.of("a"));
        serials.retain(Set.of("b"));
        assertEquals(1, serials.of("b"));
    }

    @Test
    void shouldUseTheNumberOfOneThatIsGoneLast() {
        serials.of("stays");
        serials.of("goes");
        serials.retain(Set.of("stays"));
        for (int i = 2; i <= SourceAffinity.MAX_SERIAL; i++) {
            assertEquals(i, serials.of("member " + i));
        }
        assertEquals(1, serials.of("the last"));
    }

    @Test
    void shouldNeverGiveTwoMembersOneNumberHoweverManyComeAndGo() {
        for (int round = 0; round < 30; round++) {
            Set<Integer> numbers = new HashSet<>();
            Set<String> ids = new HashSet<>(Set.of("stays"));
            numbers.add(serials.of("stays"));
            for (int i = 0; i < 5000; i++) {
                ids.add(round + "/" + i);
                assertTrue(numbers.add(serials.of(round + "/" + i)));
            }
            serials.retain(ids);
        }
        assertEquals(0, serials.of("stays"));
    }
}
