package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.control.LevelPlan.Candidate;
import io.penstock.forwarder.control.LevelPlan.Distance;
import io.penstock.forwarder.control.LevelPlan.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelPlanTest {
    private static final int OVERPROVISIONING = 140;

    /** The examples of Envoy's "Priority levels", healthy percentages of one, two and three levels. */
    @ParameterizedTest
    @CsvSource({
        "100 100,     100 0",
        "72 100,      100 0",
        "71 100,      99 1",
        "50 100,      70 30",
        "25 100,      35 65",
        "0 100,       0 100",
        "72 72,       100 0",
        "71 71,       99 1",
        "50 50,       70 30",
        "25 25,       50 50",
        "5 65,        7 93",
        "100 100 100, 100 0 0",
        "72 72 100,   100 0 0",
        "71 71 100,   99 1 0",
        "50 50 100,   70 30 0",
        "25 100 100,  35 65 0",
        "25 25 100,   35 35 30",
        "25 25 20,    36 36 28"
    })
    void shouldShareAsEnvoyDocuments(String healthy, String shares) {
        List<Candidate> candidates = new ArrayList<>();
        int priority = 0;
        for (String percent : healthy.split(" ", -1)) {
            for (int i = 0; i < 100; i++) {
                boolean up = i < Integer.parseInt(percent);
                candidates.add(new Candidate(priority, Distance.SAME_ZONE, 1, up, up));
            }
            priority++;
        }
        int[] actual = new int[priority];
        for (Level level : LevelPlan.of(candidates, OVERPROVISIONING)) {
            actual[candidates.get(level.members().get(0)).priority()] = level.share();
        }
        // There, whole percents are rounded this way or that.
        int[] expected =
                Arrays.stream(shares.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i] / 100.0, 1, () -> Arrays.toString(actual));
        }
    }

    @Test
    void shouldPutBackupsBehindEveryDistance() {
        List<Level> levels = LevelPlan.of(
                List.of(
                        up(1, Distance.SAME_ZONE),
                        up(0, Distance.ELSEWHERE),
                        up(0, Distance.SAME_ZONE),
                        up(0, Distance.SAME_REGION),
                        up(1, Distance.ELSEWHERE),
                        up(0, Distance.SAME_ZONE)),
                OVERPROVISIONING);
        assertEquals(
                List.of(
                        new Level(List.of(2, 5), LevelPlan.WHOLE),
                        new Level(List.of(3), 0),
                        new Level(List.of(1), 0),
                        new Level(List.of(0), 0),
                        new Level(List.of(4), 0)),
                levels);
    }

    @Test
    void shouldCountWeightsAndNotHeads() {
        List<Candidate> candidates = List.of(
                new Candidate(0, Distance.SAME_ZONE, 30, true, true),
                new Candidate(0, Distance.SAME_ZONE, 70, false, false),
                new Candidate(1, Distance.SAME_ZONE, 1, true, true));
        assertEquals(
                List.of(new Level(List.of(0), 4_200), new Level(List.of(2), 5_800)),
                LevelPlan.of(candidates, OVERPROVISIONING));
        assertEquals(
                List.of(new Level(List.of(0), 3_000), new Level(List.of(2), 7_000)), LevelPlan.of(candidates, 100));
    }

    /** In a panic all are used, and still most goes where most are healthy. */
    @Test
    void shouldShareByHealthWhenMembersAreUsedThatAreNotHealthy() {
        List<Candidate> candidates = List.of(
                new Candidate(0, Distance.SAME_ZONE, 1, false, true),
                new Candidate(0, Distance.SAME_REGION, 1, true, true),
                new Candidate(0, Distance.SAME_REGION, 1, false, true));
        assertEquals(
                List.of(new Level(List.of(0), 0), new Level(List.of(1, 2), LevelPlan.WHOLE)),
                LevelPlan.of(candidates, OVERPROVISIONING));
    }

    @Test
    void shouldHaveNoLevelWithoutMembers() {
        assertEquals(List.of(), LevelPlan.of(List.of(), OVERPROVISIONING));
        assertEquals(
                List.of(),
                LevelPlan.of(List.of(new Candidate(0, Distance.SAME_ZONE, 1, false, false)), OVERPROVISIONING));
    }

    @Provide
    Arbitrary<List<Candidate>> candidates() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(Distance.class),
                        Arbitraries.integers().between(1, 1_000),
                        Arbitraries.of(true, false))
                .as((priority, distance, capacity, healthy) ->
                        new Candidate(priority, distance, capacity, healthy, healthy))
                .list()
                .ofMaxSize(40);
    }

    @Property
    void shouldGiveEverythingToHealthyMembersInOrder(
            @ForAll("candidates") List<Candidate> candidates, @ForAll @IntRange(min = 100, max = 1_000) int factor) {
        List<Level> levels = LevelPlan.of(candidates, factor);
        boolean anybody = candidates.stream().anyMatch(Candidate::healthy);
        assertEquals(
                anybody ? LevelPlan.WHOLE : 0,
                levels.stream().mapToInt(Level::share).sum());
        int before = -1;
        for (Level level : levels) {
            int order = order(candidates.get(level.members().get(0)));
            assertTrue(order > before, "levels come in order");
            before = order;
            for (int i : level.members()) {
                assertEquals(order, order(candidates.get(i)), "a level has members of one kind");
                assertTrue(candidates.get(i).healthy());
            }
        }
        assertEquals(
                candidates.stream().filter(Candidate::healthy).count(),
                levels.stream().mapToInt(level -> level.members().size()).sum(),
                "every healthy member has a place");
    }

    /** When a member fails, nobody else's level gets less but by what rounding moves. */
    @Property
    void shouldNotTakeFromOtherLevelsWhenAMemberFails(
            @ForAll("candidates") List<Candidate> candidates, @ForAll @IntRange(max = 39) int which) {
        if (which >= candidates.size() || !candidates.get(which).healthy()) {
            return;
        }
        Candidate failing = candidates.get(which);
        List<Candidate> after = new ArrayList<>(candidates);
        after.set(which, new Candidate(failing.priority(), failing.distance(), failing.capacity(), false, false));
        List<Level> levelsAfter = LevelPlan.of(after, OVERPROVISIONING);
        if (levelsAfter.isEmpty()) {
            return;
        }
        for (Level level : LevelPlan.of(candidates, OVERPROVISIONING)) {
            int order = order(candidates.get(level.members().get(0)));
            int share = share(levelsAfter, after, order);
            if (order == order(failing)) {
                assertTrue(share <= level.share() + 1);
            } else {
                assertTrue(share >= level.share() - levelsAfter.size());
            }
        }
    }

    private static int share(List<Level> levels, List<Candidate> candidates, int order) {
        return levels.stream()
                .filter(level -> order(candidates.get(level.members().get(0))) == order)
                .mapToInt(Level::share)
                .sum();
    }

    private static int order(Candidate candidate) {
        return candidate.priority() * 3 + Arrays.asList(Distance.values()).indexOf(candidate.distance());
    }

    private static Candidate up(int priority, Distance distance) {
        return new Candidate(priority, distance, 1, true, true);
    }
}
