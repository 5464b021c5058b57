package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.health.ProbeResult.Outcome;
import org.junit.jupiter.api.Test;

class JudgementTest {
    private int told;

    private Judgement judgement(boolean toBeConfirmed) {
        return new Judgement(toBeConfirmed, () -> told++);
    }

    @Test
    void shouldTakeTheFirstResultsOfConnections() {
        Judgement judgement = judgement(false);
        judgement.onResult(Outcome.SUCCESS);
        assertEquals(0, told, "of one check of two");

        judgement.onAll();
        judgement.onConfirmed();

        assertEquals(1, told);
    }

    @Test
    void shouldWaitUntilNothingSpeaksAgainstIt() {
        Judgement judgement = judgement(true);
        judgement.onResult(Outcome.SUCCESS);
        judgement.onAll();
        assertEquals(0, told, "more of them may overrule it");

        judgement.onResult(Outcome.SUCCESS);
        judgement.onConfirmed();
        judgement.onConfirmed();

        assertEquals(1, told);
    }

    @Test
    void shouldNotWaitForOneThatCannotSayAnything() {
        Judgement judgement = judgement(true);
        judgement.onResult(Outcome.NO_VERDICT);
        assertEquals(0, told);

        judgement.onAll();

        assertEquals(1, told);
    }

    @Test
    void shouldNotWaitForOneThatCannotSayAnythingAnyMore() {
        Judgement judgement = judgement(true);
        judgement.onResult(Outcome.SUCCESS);
        judgement.onAll();

        judgement.onResult(Outcome.NO_VERDICT);

        assertEquals(1, told);
    }
}
