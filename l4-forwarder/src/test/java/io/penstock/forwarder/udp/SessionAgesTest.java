package io.penstock.forwarder.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.udp.SessionAges.Stage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SessionAgesTest {
    private enum Act {
        ADD,
        MOVE,
        REMOVE
    }

    private record Step(Act act, int slot, Stage stage) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(Act.ADD, Act.ADD, Act.MOVE, Act.MOVE, Act.REMOVE),
                        Arbitraries.integers().between(0, 300),
                        Arbitraries.of(Stage.class))
                .as(Step::new)
                .list()
                .ofMaxSize(300);
    }

    /** Sets that keep the order in which slots came. */
    private static final class Model {
        private final Map<Stage, LinkedHashSet<Integer>> stages = new EnumMap<>(Stage.class);

        Model() {
            for (Stage stage : Stage.values()) {
                stages.put(stage, new LinkedHashSet<>());
            }
        }

        boolean has(int slot) {
            return stages.values().stream().anyMatch(stage -> stage.contains(slot));
        }

        void remove(int slot) {
            stages.values().forEach(stage -> stage.remove(slot));
        }

        int oldest(Stage stage) {
            return stages.get(stage).stream().findFirst().orElse(SessionAges.NONE);
        }
    }

    @Property(tries = 1_000)
    void shouldKeepTheOrderThatSetsKeep(@ForAll("steps") List<Step> steps) {
        SessionAges ages = new SessionAges(0);
        Model model = new Model();
        for (Step step : steps) {
            int slot = step.slot();
            if (step.act() == Act.ADD && !model.has(slot)) {
                ages.add(slot);
                model.stages.get(Stage.ONE_WAY).add(slot);
            } else if (step.act() == Act.MOVE && model.has(slot)) {
                ages.move(slot, step.stage());
                model.remove(slot);
                model.stages.get(step.stage()).add(slot);
                assertEquals(step.stage(), ages.stage(slot));
            } else if (step.act() == Act.REMOVE && model.has(slot)) {
                ages.remove(slot);
                model.remove(slot);
            }
            for (Stage stage : Stage.values()) {
                assertEquals(model.oldest(stage), ages.oldest(stage));
                assertEquals(model.stages.get(stage).size(), ages.count(stage));
            }
        }
        for (Stage stage : Stage.values()) {
            assertEquals(List.copyOf(model.stages.get(stage)), all(ages, stage));
            assertEquals(List.copyOf(model.stages.get(stage)), takeAll(ages, stage));
        }
    }

    private static List<Integer> all(SessionAges ages, Stage stage) {
        List<Integer> slots = new ArrayList<>();
        for (int slot = ages.oldest(stage); slot != SessionAges.NONE; slot = ages.younger(slot)) {
            slots.add(slot);
        }
        return slots;
    }

    private static List<Integer> takeAll(SessionAges ages, Stage stage) {
        List<Integer> slots = new ArrayList<>();
        while (ages.oldest(stage) != SessionAges.NONE) {
            slots.add(ages.oldest(stage));
            ages.remove(ages.oldest(stage));
        }
        return slots;
    }

    @Example
    void shouldNameTheOneThatHasBeenSilentLongest() {
        SessionAges ages = new SessionAges(4);
        ages.add(7);
        ages.add(8);
        ages.add(9);
        ages.move(7, Stage.ONE_WAY);
        assertEquals(8, ages.oldest(Stage.ONE_WAY));
        ages.move(8, Stage.ANSWERED);
        assertEquals(List.of(9, 7), takeAll(ages, Stage.ONE_WAY));
        assertEquals(Stage.ANSWERED, ages.stage(8));
    }
}
