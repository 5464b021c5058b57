package io.penstock.perf.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.Figures;
import io.penstock.perf.policies.scenario.Outcome;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PageTest {
    @Test
    void shouldPutValuesInTheirPlaces() {
        assertEquals(
                "p99 of 12.5 ms, $1, -",
                Page.fill("p99 of ${a.p99} ms, ${b}, ${c}", Map.of("a.p99", "12.5", "b", "$1")));
    }

    @Test
    void shouldHaveAValueForEveryPlaceOfTheText() throws IOException {
        Map<String, Outcome> outcomes = Outcomes.asPromised();
        Figures figures = new Figures();
        new Promises(figures).judgeSimulation(outcomes, 0);
        new Promises(figures).judgeLoopback(outcomes, true);
        Page page = new Page(Map.of("CPU", "some"), new Results(outcomes, outcomes), figures);
        for (String place : Page.places()) {
            assertTrue(page.has(place), place);
        }
        String text = page.text();
        assertFalse(text.contains("${"), text);
        assertTrue(text.contains("| CPU | some |"), text);
        assertTrue(text.contains("| least-time |"), text);
    }
}
