package io.penstock.perf.policies.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimelineTest {
    private final Timeline timeline = new Timeline();
    private final List<String> happened = new ArrayList<>();

    @Test
    void shouldGoByTimeAndAtOneInstantByWhoAskedFirst() {
        note(20, "b");
        note(10, "a");
        note(20, "c");
        timeline.run();
        assertEquals(List.of("a at 10", "b at 20", "c at 20"), happened);
    }

    @Test
    void shouldGoOnWhileEventsLeadToOthers() {
        timeline.at(5, () -> note(timeline.nowNs() + 5, "later"));
        timeline.run();
        assertEquals(List.of("later at 10"), happened);
    }

    @Test
    void shouldRefuseThePast() {
        timeline.at(5, () -> assertThrows(IllegalArgumentException.class, () -> timeline.at(4, () -> {})));
        timeline.run();
        assertEquals(5, timeline.nowNs());
    }

    private void note(long atNs, String what) {
        timeline.at(atNs, () -> happened.add(what + " at " + timeline.nowNs()));
    }
}
