package io.penstock.forwarder.control;

import static io.penstock.forwarder.control.Members.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.PoolConfig.Adaptive;
import io.penstock.forwarder.config.PoolConfigs;
import io.penstock.health.AgentReport;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Members whose loads the test writes, one interval after another. */
class WeightLearnerTest {
    private static final long MS = 1_000_000;

    private final Members three = Members.of(PoolConfigs.maglev(
            "pool",
            1009,
            Optional.empty(),
            Duration.ofSeconds(10),
            Members.backends(3).toArray(new BackendConfig[0])));
    private final WeightLearner learner = new WeightLearner(new Adaptive(Duration.ofSeconds(1), 10, 10), 0);
    private long nowNs;

    @Test
    void shouldGiveLessToTheSlowOneAndItsWeightBackWhenItIsWell() {
        learner.onMembers(three.pool.members());
        int before = 100;
        for (int i = 0; i < 20; i++) {
            assertTrue(interval(40 * MS, 10 * MS, 10 * MS) || i > 10);
            assertTrue(weight(0) <= before);
            assertTrue(weight(0) >= before * 0.9 - 1, "a step is 10 %");
            before = weight(0);
        }
        assertTrue(weight(0) < 60 && weight(1) > 100, weight(0) + " " + weight(1));
        for (int i = 0; i < 100; i++) {
            interval(10 * MS, 10 * MS, 10 * MS);
        }
        assertEquals(100, weight(0), 3);
    }

    @Test
    void shouldLeaveTableAndWeightsAloneAmongEquals() {
        learner.onMembers(three.pool.members());
        for (int i = 0; i < 10; i++) {
            assertFalse(interval(10 * MS, 10 * MS, 10 * MS));
        }
    }

    @Test
    void shouldDoNothingBeforeTheIntervalIsOver() {
        learner.onMembers(three.pool.members());
        three.connect(0, 100, 40 * MS);
        assertFalse(learner.onTime(three.pool.members(), SECOND - 1));
        assertEquals(SECOND, learner.deadlineNs());
    }

    /** An agent's percentage and what is learnt both count. */
    @Test
    void shouldMultiplyWhatTheAgentReports() {
        learner.onMembers(three.pool.members());
        three.member(0)
                .onAgent(
                        new AgentReport(
                                OptionalInt.of(50), Optional.empty(), Optional.empty(), OptionalInt.empty(), ""),
                        0);
        interval(40 * MS, 10 * MS, 10 * MS);
        assertEquals(45, weight(0), "half, less a step");
    }

    private int weight(int index) {
        return three.member(index).state().weight();
    }

    private boolean interval(long... responseNs) {
        for (int i = 0; i < responseNs.length; i++) {
            three.connect(i, 100, responseNs[i]);
        }
        nowNs += SECOND;
        return learner.onTime(three.pool.members(), nowNs);
    }
}
