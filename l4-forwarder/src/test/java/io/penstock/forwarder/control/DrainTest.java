package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.control.Drain.Candidate;
import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.DrainStatus;
import io.penstock.forwarder.operate.DrainTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A drain among scripted workers, by a clock that the test sets. */
class DrainTest {
    private static final long MS = 1_000_000;
    private static final long SECOND_NS = 1_000 * MS;
    private static final DrainTarget TARGET = new DrainTarget.Backend("web", "a");

    private long nowNs = 500 * SECOND_NS;
    private final Workers workers = new Workers();

    /** Answers when told to, and keeps what was reset in its order. */
    private static final class Workers implements Drain.Connections {
        private final List<Candidate> open = new ArrayList<>();
        private final List<Candidate> reset = new ArrayList<>();
        private List<Candidate> asked;
        private boolean finding;
        private boolean last = true;
        private int mostAtOnce;

        @Override
        public void find(Drain asking) {
            assertTrue(!finding && asked == null, "one question at a time");
            finding = true;
        }

        @Override
        public void reset(Drain asking, List<Candidate> candidates) {
            assertTrue(!finding && asked == null, "one question at a time");
            asked = candidates;
            mostAtOnce = Math.max(mostAtOnce, candidates.size());
        }

        @Override
        public boolean isFinal() {
            return last;
        }

        /** Answers the question that stands, if one does. */
        private boolean tryAnswer(Drain drain, long nowNs) {
            if (finding) {
                finding = false;
                List<Candidate> found = new ArrayList<>(open);
                Collections.shuffle(found, new Random(7));
                drain.onFound(found, nowNs);
                return true;
            }
            if (asked != null) {
                List<Candidate> meant = asked;
                asked = null;
                int count = 0;
                for (Candidate one : meant) {
                    if (open.remove(one)) {
                        reset.add(one);
                        count++;
                    }
                }
                drain.onReset(count, nowNs);
                return true;
            }
            return false;
        }
    }

    @Test
    void shouldResetTheOldestFirstOverAllWorkersAtTheRate() {
        open(100);
        Drain drain = drain(plan(50, Optional.empty(), false));
        run(drain, SECOND_NS);
        assertEquals(51, workers.reset.size(), "the first at once, then 50 a second");
        run(drain, 10 * SECOND_NS);
        assertEquals(100, workers.reset.size());
        for (int i = 1; i < 100; i++) {
            assertTrue(
                    workers.reset.get(i - 1).openedNs() < workers.reset.get(i).openedNs());
        }
        assertEquals(status("done", 100, 100, 0, 0), summary(drain));
    }

    /** Two workers reset their shares of what they are given at once in any order, so that is a few only. */
    @Test
    void shouldKeepTheRateOverTheWholeInSmallPartsThoughAWorkerStalled() {
        open(5_000);
        Drain drain = drain(plan(500, Optional.empty(), false));
        run(drain, SECOND_NS);
        drain.onTime(nowNs + 2 * MS);
        nowNs += 4 * SECOND_NS;
        run(drain, SECOND_NS);
        assertEquals(1_600, workers.reset.size(), 20, "twice the rate after the stall");
        run(drain, 4 * SECOND_NS - MS);
        assertEquals(5_000, workers.reset.size());
        assertEquals(10, workers.mostAtOnce);
        assertEquals(0, drain.status(nowNs).left());
    }

    @Test
    void shouldCountThoseThatEndByThemselvesAndTakeOthersInTheirPlace() {
        open(100);
        Drain drain = drain(plan(10, Optional.empty(), false));
        step(drain);
        // The thirty oldest, but for the one that is being reset.
        workers.open.removeIf(one -> one.openedNs() <= 30);
        run(drain, SECOND_NS);
        assertEquals(11, workers.reset.size());
        assertEquals(status("running", 100, 11, 30, 59), summary(drain));
        workers.open.clear();
        run(drain, 11 * SECOND_NS);
        assertEquals(status("done", 100, 11, 89, 0), summary(drain));
    }

    @Test
    void shouldTakeInThoseThatAppearLater() {
        open(5);
        Drain drain = drain(plan(10, Optional.empty(), false));
        step(drain);
        workers.open.add(new Candidate(1, 1_000, 1_000));
        run(drain, SECOND_NS);
        assertEquals(status("done", 5, 6, 0, 0), summary(drain));
    }

    @Test
    void shouldBeDoneAtOnceWhenThereIsNobody() {
        Drain drain = drain(plan(10, Optional.empty(), false));
        run(drain, 1);
        assertEquals(status("done", 0, 0, 0, 0), summary(drain));
        assertEquals(MemberState.NEVER, drain.onTime(nowNs + SECOND_NS));
    }

    @Test
    void shouldGoOnLookingWhileSomebodyMayStillCome() {
        workers.last = false;
        Drain drain = drain(plan(10, Optional.empty(), false));
        run(drain, SECOND_NS);
        assertEquals(status("running", 0, 0, 0, 0), summary(drain));
        open(3);
        run(drain, SECOND_NS);
        assertEquals(3, workers.reset.size());
        assertFalse(drain.isOver());
        workers.last = true;
        run(drain, SECOND_NS);
        assertTrue(drain.isOver());
    }

    @Test
    void shouldOnlyWaitAtRateZero() {
        open(4);
        Drain drain = drain(plan(0, Optional.empty(), false));
        run(drain, 60 * SECOND_NS);
        assertEquals(0, workers.reset.size());
        assertEquals(status("running", 4, 0, 0, 4), summary(drain));
        workers.open.clear();
        run(drain, SECOND_NS);
        assertEquals(status("done", 4, 0, 4, 0), summary(drain));
    }

    @Test
    void shouldLeaveTheRestAloneAtTheDeadline() {
        open(100);
        Drain drain = drain(plan(10, Optional.of(Duration.ofSeconds(3)), false));
        run(drain, 10 * SECOND_NS);
        assertEquals(30, workers.reset.size());
        assertEquals(status("deadline", 100, 30, 0, 70), summary(drain));
    }

    @Test
    void shouldResetTheRestAtTheDeadlineWhenPlanned() {
        open(100);
        Drain drain = drain(plan(0, Optional.of(Duration.ofSeconds(3)), true));
        run(drain, 3 * SECOND_NS - 1);
        assertEquals(0, workers.reset.size());
        workers.open.add(new Candidate(1, 5_000, 5_000));
        run(drain, SECOND_NS);
        assertEquals(status("deadline", 100, 101, 0, 0), summary(drain));
    }

    @Test
    void shouldLeaveTheRestAloneWhenCancelled() {
        open(100);
        Drain drain = drain(plan(10, Optional.empty(), false));
        run(drain, SECOND_NS);
        drain.cancel();
        run(drain, 10 * SECOND_NS);
        assertEquals(status("cancelled", 100, 11, 0, 89), summary(drain));
    }

    /** A reset that was under way when it was cancelled is counted, a look is of no use any more. */
    @Test
    void shouldTakeAnswersAfterTheEnd() {
        open(2);
        Drain drain = drain(plan(1, Optional.empty(), false));
        step(drain);
        drain.onTime(nowNs);
        drain.cancel();
        assertTrue(workers.tryAnswer(drain, nowNs));
        assertEquals(status("cancelled", 2, 1, 0, 1), summary(drain));
        Drain other = drain(plan(1, Optional.empty(), false));
        other.onTime(nowNs);
        other.cancel();
        assertTrue(workers.tryAnswer(other, nowNs));
        assertEquals(status("cancelled", 0, 0, 0, 0), summary(other));
        assertNull(workers.asked);
    }

    @Test
    void shouldTellTheAgeOfTheOldestThatIsLeft() {
        nowNs = 90 * SECOND_NS;
        workers.open.add(new Candidate(0, 1, 30 * SECOND_NS));
        workers.open.add(new Candidate(1, 1, 80 * SECOND_NS));
        Drain drain = drain(plan(1, Optional.empty(), false));
        step(drain);
        assertEquals(Duration.ofSeconds(60), drain.status(nowNs).oldest());
        run(drain, 1);
        assertEquals(10, drain.status(nowNs).oldest().toSeconds());
    }

    private void open(int count) {
        for (int i = 1; i <= count; i++) {
            workers.open.add(new Candidate(i % 3, i, i));
        }
    }

    private static DrainPlan plan(double rate, Optional<Duration> deadline, boolean closeRest) {
        return new DrainPlan(rate, 0, deadline, closeRest);
    }

    private Drain drain(DrainPlan plan) {
        return new Drain(TARGET, plan, workers, Instant.EPOCH, nowNs, new Random(1));
    }

    /** One question and its answer. */
    private void step(Drain drain) {
        drain.onTime(nowNs);
        assertTrue(workers.tryAnswer(drain, nowNs));
    }

    /** Lets time pass, coming around each time that the drain asked for. */
    private void run(Drain drain, long forNs) {
        long endNs = nowNs + forNs;
        while (true) {
            long nextNs = drain.onTime(nowNs);
            if (workers.tryAnswer(drain, nowNs)) {
                continue;
            }
            if (nextNs > endNs) {
                break;
            }
            assertTrue(nextNs > nowNs, "or it would spin");
            nowNs = nextNs;
        }
        nowNs = endNs;
    }

    private static String status(String state, int atStart, int closed, int ended, int left) {
        return state + " " + atStart + " " + closed + " " + ended + " " + left;
    }

    private String summary(Drain drain) {
        DrainStatus status = drain.status(nowNs);
        return status(status.state(), status.atStart(), status.closed(), status.ended(), status.left());
    }
}
