package io.penstock.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.FlowHash;
import org.junit.jupiter.api.Test;

class MaglevFiguresTest {
    @Test
    void shouldHoldItsPromisesWhenTheTableIsTheRealOne() {
        Figures figures = new Figures();
        MaglevFigures.judge(MaglevTrial.run(10, 65_537, new FlowHash(1, 2)), figures);

        assertTrue(figures.allOk(), () -> figures.rows().toString());
        assertEquals(8, figures.rows().size());
    }

    @Test
    void shouldBreakThePromisesWhenSharesOrMovesAreOff() {
        Figures figures = new Figures();
        MaglevFigures.judge(new MaglevTrial(10, 65_537, 1.02, 0.98, 0.01, 0.1, 0.02, 0.02, 1, 1), figures);

        assertEquals(5, figures.rows().stream().filter(row -> !row.ok()).count());
        assertEquals(1, figures.exitCode());
    }

    @Test
    void shouldPromiseNoBalanceWhenThereAreFewerThanAHundredSlotsABackend() {
        Figures figures = new Figures();
        MaglevFigures.judge(new MaglevTrial(1000, 65_537, 1.02, 0.98, 0.01, 0.001, 0.006, 0.006, 0, 1), figures);

        assertTrue(figures.allOk());
    }
}
