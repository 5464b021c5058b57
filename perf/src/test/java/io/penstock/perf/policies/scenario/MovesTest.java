package io.penstock.perf.policies.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class MovesTest {
    private static final double EXACT = 0;

    @Test
    void shouldTellMovesThatHadToBeFromThoseThatHadNot() {
        Moves moves = Moves.between(new int[] {0, 1, 1, 2, 2}, new int[] {0, 0, 2, 2, 0}, 1);
        assertEquals(new Moves(5, 2, 1), moves);
        assertEquals(0.4, moves.unavoidableShare(), EXACT);
        assertEquals(1.0 / 3, moves.needlessShare(), EXACT);
    }

    @Test
    void shouldMoveNothingNeedlesslyWhenAllFlowsWereAtTheBackendThatLeft() {
        Moves moves = Moves.between(new int[] {1, 1}, new int[] {0, 2}, 1);
        assertEquals(1, moves.unavoidableShare(), EXACT);
        assertEquals(0, moves.needlessShare(), EXACT);
    }

    @Test
    void shouldRefuseToCompareDifferentFlows() {
        assertThrows(IllegalArgumentException.class, () -> Moves.between(new int[1], new int[2], 0));
    }
}
