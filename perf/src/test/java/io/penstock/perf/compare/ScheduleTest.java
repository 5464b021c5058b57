package io.penstock.perf.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
    @Test
    void shouldBeginEachRoundWithTheNextContestant() {
        List<String> contestants = List.of("a", "b", "c");
        assertEquals(List.of("a", "b", "c"), Schedule.order(contestants, 0));
        assertEquals(List.of("b", "c", "a"), Schedule.order(contestants, 1));
        assertEquals(List.of("c", "a", "b"), Schedule.order(contestants, 2));
        assertEquals(List.of("a", "b", "c"), Schedule.order(contestants, 3));
    }
}
