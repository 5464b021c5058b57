package io.penstock.perf.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.demo.FlowResult.End;
import io.penstock.perf.demo.Kill.Judge;
import io.penstock.perf.demo.Kill.Verdict;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** backend-2 dies from 1000 to 1010 holding flow 7 and one connection that had not spoken yet. */
final class KillTest {
    private static final Kill KILL = new Kill("backend-2", 1_000, 1_010, Set.of(7), 1);

    private final Judge judge = new Judge(KILL);

    @Test
    void shouldAcceptWhatWentWell() {
        assertEquals(Verdict.OK, judge.judge(result(1, 900, 1_100, "backend-2", End.OK)));
    }

    @Test
    void shouldExcuseAFailureOnTheKilledBackendWhileItDied() {
        assertEquals(Verdict.WAS_ON_KILLED_BACKEND, judge.judge(result(1, 900, 1_005, "backend-2", End.FAILED)));
    }

    @Test
    void shouldNotExcuseAFailureThatWasOverBeforeTheKill() {
        assertEquals(Verdict.LOST, judge.judge(result(1, 900, 999, "backend-2", End.FAILED)));
    }

    @Test
    void shouldNotExcuseAFailureThatBeganAfterTheKill() {
        assertEquals(Verdict.LOST, judge.judge(result(1, 1_011, 1_100, "backend-2", End.FAILED)));
    }

    @Test
    void shouldNotExcuseAFailureOnAnotherBackend() {
        assertEquals(Verdict.LOST, judge.judge(result(1, 900, 1_005, "backend-1", End.FAILED)));
        assertEquals(Verdict.LOST, judge.judge(result(7, 900, 1_005, "backend-1", End.FAILED)));
    }

    @Test
    void shouldExcuseANamelessFailureWhenTheBackendHadTheFlow() {
        for (int i = 0; i < 10; i++) {
            assertEquals(Verdict.WAS_ON_KILLED_BACKEND, judge.judge(result(7, 900, 1_005, null, End.FAILED)));
        }
    }

    @Test
    void shouldExcuseOnlyAsManyUnknownFailuresAsTheKillAccountsFor() {
        for (int id = 0; id < KILL.anonymousFlows() + Kill.UNSEEN_MAX; id++) {
            assertEquals(Verdict.WAS_ON_KILLED_BACKEND, judge.judge(result(id, 900, 1_005, null, End.FAILED)));
        }
        assertEquals(Verdict.LOST, judge.judge(result(6, 900, 1_005, null, End.FAILED)));
    }

    @Test
    void shouldNeverExcuseCorruption() {
        assertEquals(Verdict.CORRUPTED, judge.judge(result(7, 900, 1_005, "backend-2", End.CORRUPTED)));
    }

    @Test
    void shouldKnowWhatBeganWhileTheBackendWasDown() {
        assertFalse(KILL.wasDownAtStartOf(result(1, 1_010, 1_200, "backend-2", End.OK), 2_000));
        assertTrue(KILL.wasDownAtStartOf(result(1, 1_011, 1_200, "backend-2", End.OK), 2_000));
        assertFalse(KILL.wasDownAtStartOf(result(1, 2_000, 2_200, "backend-2", End.OK), 2_000));
    }

    private static FlowResult result(int id, long startNs, long endNs, String backend, End end) {
        return new FlowResult(id, startNs, endNs, backend, 0, 0, end, end == End.OK ? null : "reset");
    }
}
