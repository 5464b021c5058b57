package io.penstock.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class AdaptiveWeightsTest {
    /** Eight backends that answer in 10 ms and take 400 connections per second each. */
    private static final int BACKENDS = 8;

    private static final double SERVICE_S = 0.01;
    private static final int SLOW = 3;
    private static final double TIMES_SLOWER = 4;

    /** With one of the eight slow the others could take 2,800, and all together 2,900. */
    private static final double QUIET_PER_S = 640;

    private static final double BUSY_PER_S = 1_600;
    private static final double NEAR_CAPACITY_PER_S = 2_600;

    /** At 640 per second the slow one is 80 % busy with a fair share of all, at 1,600 it would need to be 200 %. */
    @Example
    void shouldBeatStaticWeightsWhenOneIsFourTimesSlower() {
        for (double perS : new double[] {QUIET_PER_S, BUSY_PER_S}) {
            Group group = Group.equals(BACKENDS);
            QueueingSimulation learning = simulation(group, perS, 1);
            Learner learner = new Learner(group, learning, 10, 10);
            QueueingSimulation fixed = simulation(Group.equals(BACKENDS), perS, 1);
            for (QueueingSimulation each : List.of(learning, fixed)) {
                each.slow(SLOW, TIMES_SLOWER);
                each.run(60);
                each.run(120);
            }
            assertEquals(1 / TIMES_SLOWER, learner.mean(SLOW, 120) / learner.mean(0, 120), 0.05);
            assertTrue(learning.meanS() < 0.8 * fixed.meanS(), learning.meanS() + " s, static " + fixed.meanS());
            double p99S = learning.percentileS(99);
            assertTrue(p99S < 0.7 * fixed.percentileS(99), p99S + " s, static " + fixed.percentileS(99));
        }
    }

    /** Ten per cent a second: 14 s from all to a quarter, and more for the queue that has grown meanwhile. */
    @Example
    void shouldConvergeWhenOneBecomesSlowAndWhenItRecovers() {
        for (double perS : new double[] {QUIET_PER_S, BUSY_PER_S, NEAR_CAPACITY_PER_S}) {
            Group group = Group.equals(BACKENDS);
            QueueingSimulation simulation = simulation(group, perS, 2);
            Learner learner = new Learner(group, simulation, 10, 10);
            simulation.run(30);
            for (int backend = 0; backend < BACKENDS; backend++) {
                assertEquals(1, learner.factor(backend), 0.3);
            }
            simulation.slow(SLOW, TIMES_SLOWER);
            simulation.run(60);
            assertEquals(1 / TIMES_SLOWER, learner.mean(SLOW, 20) / learner.mean(0, 20), 0.1);
            simulation.slow(SLOW, 1 / TIMES_SLOWER);
            simulation.run(60);
            assertEquals(1, learner.mean(SLOW, 20) / learner.mean(0, 20), 0.1);
        }
    }

    /** An oscillation between the floor and the step would be 0.3 and more; queues that come and go by chance leave some. */
    @Example
    void shouldNotOscillateWhenItHasConverged() {
        for (double perS : new double[] {QUIET_PER_S, BUSY_PER_S, NEAR_CAPACITY_PER_S}) {
            Group group = Group.equals(BACKENDS);
            QueueingSimulation simulation = simulation(group, perS, 3);
            Learner learner = new Learner(group, simulation, 10, 10);
            simulation.slow(SLOW, TIMES_SLOWER);
            simulation.run(260);
            for (int backend = 0; backend < BACKENDS; backend++) {
                double variation = learner.variation(backend, 200);
                assertTrue(variation < 0.12, perS + " per second: " + variation);
            }
        }
    }

    @Property(tries = 200)
    void shouldKeepStepAndFloorWhateverIsObserved(
            @ForAll @IntRange(min = 1, max = 50) int stepPercent,
            @ForAll @IntRange(min = 1, max = 100) int floorPercent,
            @ForAll long seed) {
        Random random = new Random(seed);
        AdaptiveWeights weights = new AdaptiveWeights(stepPercent, floorPercent);
        List<LearntWeight> learnt = List.of(new LearntWeight(), new LearntWeight(), new LearntWeight());
        for (int interval = 0; interval < 100; interval++) {
            double[] before = learnt.stream().mapToDouble(LearntWeight::factor).toArray();
            for (LearntWeight backend : learnt) {
                long connects = random.nextInt(3) * (long) random.nextInt(1000);
                long firstBytes = random.nextInt(2) * connects;
                backend.observe(
                        1 + random.nextInt(25_600),
                        connects,
                        connects * random.nextInt(1_000_000),
                        firstBytes,
                        firstBytes * random.nextInt(1_000_000_000),
                        random.nextInt(2) * (long) random.nextInt(1000));
            }
            weights.adjust(learnt);
            for (int i = 0; i < before.length; i++) {
                double factor = learnt.get(i).factor();
                assertTrue(factor >= floorPercent / 100.0 && factor <= 100.0 / floorPercent, "factor " + factor);
                assertEquals(1, factor / before[i], stepPercent / 100.0 + 1e-9);
            }
        }
    }

    @Example
    void shouldDriftBackWhenNothingIsSeen() {
        LearntWeight slow = new LearntWeight();
        LearntWeight other = new LearntWeight();
        AdaptiveWeights weights = new AdaptiveWeights(10, 10);
        repeat(50, () -> {
            slow.observe(1, 100, 800_000_000, 0, 0, 0);
            other.observe(1, 100, 100_000_000, 0, 0, 0);
            weights.adjust(List.of(slow, other));
        });
        assertEquals(2.0 / 9, slow.factor(), 0.01);
        assertEquals(16.0 / 9, other.factor(), 0.01);
        repeat(50, () -> {
            slow.observe(1, 0, 0, 0, 0, 0);
            other.observe(1, 0, 0, 0, 0, 0);
            weights.adjust(List.of(slow, other));
        });
        assertEquals(1, slow.factor(), 0.01);
        assertEquals(1, other.factor(), 0.01);
    }

    @Example
    void shouldWeighFailuresAndIgnoreWhoOnlyConnects() {
        LearntWeight failing = new LearntWeight();
        LearntWeight refusing = new LearntWeight();
        LearntWeight silent = new LearntWeight();
        LearntWeight good = new LearntWeight();
        AdaptiveWeights weights = new AdaptiveWeights(10, 10);
        repeat(100, () -> {
            failing.observe(1, 100, 100, 100, 100_000_000, 100);
            refusing.observe(1, 0, 0, 0, 0, 100);
            silent.observe(1, 100, 100, 0, 0, 0);
            good.observe(1, 100, 100, 100, 100_000_000, 0);
            weights.adjust(List.of(failing, refusing, silent, good));
        });
        assertEquals(0.5, failing.factor() / good.factor(), 0.01, "every second fails");
        assertEquals(0.1, refusing.factor(), 0.01, "at the floor");
        assertEquals(1, silent.factor(), 0.01, "connects alone are no speed where others answer");
    }

    private static void repeat(int times, Runnable interval) {
        for (int i = 0; i < times; i++) {
            interval.run();
        }
    }

    private static QueueingSimulation simulation(Group group, double perS, long seed) {
        QueueingSimulation simulation = new QueueingSimulation(group, perS, SERVICE_S, seed);
        simulation.use(group.policy(PolicyKind.ADAPTIVE));
        return simulation;
    }
}
