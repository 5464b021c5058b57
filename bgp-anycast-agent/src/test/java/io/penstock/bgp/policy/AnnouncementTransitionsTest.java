package io.penstock.bgp.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.policy.Stance.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state and every event: what comes of it. */
class AnnouncementTransitionsTest {
    /** The states in front: where the VIP was; those of ORDERED by an operator, DRAINING and DRAINED else because its service said so. */
    private static final String TABLE = """
            event          PENDING    DOWN       HELD_DOWN  UP         DEGRADED   DRAINING   DRAINED    WITHDRAWN  ORDERED_DRAINING  ORDERED_DRAINED
            UP             UP         UP         HELD_DOWN  UP         UP         UP         UP         WITHDRAWN  DRAINING          DRAINED
            DEGRADED       DEGRADED   DEGRADED   HELD_DOWN  DEGRADED   DEGRADED   DEGRADED   DEGRADED   WITHDRAWN  DRAINING          DRAINED
            DRAINING       PENDING    DRAINED    DRAINED    DRAINING   DRAINING   DRAINING   DRAINED    WITHDRAWN  DRAINING          DRAINED
            DOWN           DOWN       DOWN       DOWN       DOWN       DOWN       DOWN       DOWN       WITHDRAWN  DRAINED           DRAINED
            NO_ADDRESS     DOWN       DOWN       DOWN       DOWN       DOWN       DOWN       DOWN       WITHDRAWN  DRAINED           DRAINED
            UNKNOWN        PENDING    DOWN       DOWN       UP         DEGRADED   DRAINING   DRAINED    WITHDRAWN  DRAINING          DRAINED
            SILENCE        DOWN       DOWN       DOWN       DOWN       DOWN       DOWN       DRAINED    WITHDRAWN  DRAINED           DRAINED
            NEARLY_WAIT    DOWN       DOWN       UP         UP         DEGRADED   DRAINING   DRAINED    WITHDRAWN  DRAINING          DRAINED
            WAIT           DOWN       DOWN       UP         UP         DEGRADED   DRAINED    DRAINED    WITHDRAWN  DRAINED           DRAINED
            NEARLY_HOLD    PENDING    DOWN       HELD_DOWN  UP         DEGRADED   DRAINING   DRAINED    WITHDRAWN  DRAINING          DRAINED
            HOLD           DOWN       DOWN       UP         UP         DEGRADED   DRAINING   DRAINED    WITHDRAWN  DRAINING          DRAINED
            ORDER_DRAIN    PENDING    DRAINED    DRAINED    DRAINING   DRAINING   DRAINING   DRAINED    DRAINED    DRAINING          DRAINED
            ORDER_DRAIN_0  DRAINED    DRAINED    DRAINED    DRAINED    DRAINED    DRAINED    DRAINED    DRAINED    DRAINED           DRAINED
            ORDER_WITHDRAW WITHDRAWN  WITHDRAWN  WITHDRAWN  WITHDRAWN  WITHDRAWN  WITHDRAWN  WITHDRAWN  WITHDRAWN  WITHDRAWN         WITHDRAWN
            RESUME         PENDING    DOWN       UP         UP         DEGRADED   DRAINING   DRAINED    UP         UP                UP
            NO_HOLD_DOWN   PENDING    DOWN       UP         UP         DEGRADED   DRAINING   DRAINED    WITHDRAWN  DRAINING          DRAINED
            SHORTER_WAIT   PENDING    DOWN       HELD_DOWN  UP         DEGRADED   DRAINED    DRAINED    WITHDRAWN  DRAINED           DRAINED
            """;

    private static final String BY_ORDER = "ORDERED_";

    private final AnnouncementRig rig = new AnnouncementRig();

    static List<Arguments> cells() {
        List<String> lines = TABLE.lines().toList();
        String[] states = lines.get(0).split(" +", -1);
        List<Arguments> cells = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" +", -1);
            for (int i = 1; i < states.length; i++) {
                cells.add(Arguments.of(states[i], words[0], State.valueOf(words[i])));
            }
        }
        return cells;
    }

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @MethodSource("cells")
    void shouldGoWhereTheTableSays(String from, String event, State to) {
        reach(from);
        Stance before = rig.step();
        assertEquals(
                from.startsWith(BY_ORDER) ? from.substring(BY_ORDER.length()) : from,
                before.state().name());

        Stance after = happen(event);

        assertEquals(to, after.state());
        assertEquals(after, rig.announcement.stance());
        assertEquals(announced(to), after.announceAs());
        assertEquals(rig.changedNs, after.sinceNs());
    }

    private static Optional<Level> announced(State state) {
        return switch (state) {
            case UP -> Optional.of(Level.UP);
            case DEGRADED -> Optional.of(Level.DEGRADED);
            case DRAINING -> Optional.of(Level.DRAINING);
            default -> Optional.empty();
        };
    }

    private void reach(String state) {
        switch (state) {
            case "PENDING" -> rig.hear(Level.UNKNOWN);
            case "UP", "DEGRADED", "DOWN" -> rig.hear(Level.valueOf(state));
            case "HELD_DOWN" -> {
                rig.flap(1);
                rig.hear(Level.UP);
                rig.hear(Level.DOWN);
                rig.hear(Level.UP);
            }
            case "DRAINING" -> {
                rig.hear(Level.UP);
                rig.hear(Level.DRAINING);
            }
            case "DRAINED" -> {
                reach("DRAINING");
                rig.pass(AnnouncementRig.WAIT);
            }
            case "WITHDRAWN" -> {
                rig.hear(Level.UP);
                rig.order(AnnouncementRig.WITHDRAW);
            }
            case "ORDERED_DRAINING" -> {
                rig.hear(Level.UP);
                rig.order(AnnouncementRig.DRAIN);
            }
            case "ORDERED_DRAINED" -> {
                reach("ORDERED_DRAINING");
                rig.pass(AnnouncementRig.WAIT);
            }
            default -> throw new AssertionError(state);
        }
    }

    private Stance happen(String event) {
        Duration moment = Duration.ofNanos(1);
        return switch (event) {
            case "UP", "DEGRADED", "DRAINING", "DOWN", "UNKNOWN" -> rig.hear(Level.valueOf(event));
            case "NO_ADDRESS" -> rig.loseAddress();
            case "SILENCE" -> {
                rig.hear(Level.UNKNOWN);
                yield rig.pass(Announcement.PATIENCE);
            }
            case "NEARLY_WAIT" -> {
                rig.pass(AnnouncementRig.HOLD.initial());
                yield rig.pass(AnnouncementRig.WAIT
                        .minus(AnnouncementRig.HOLD.initial())
                        .minus(moment));
            }
            case "WAIT" -> rig.pass(AnnouncementRig.WAIT);
            case "NEARLY_HOLD" -> rig.pass(AnnouncementRig.HOLD.initial().minus(moment));
            case "HOLD" -> rig.pass(AnnouncementRig.HOLD.initial());
            case "ORDER_DRAIN" -> rig.order(AnnouncementRig.DRAIN);
            case "ORDER_DRAIN_0" -> rig.order(new Order.Drain(Optional.of(Duration.ZERO), "gone"));
            case "ORDER_WITHDRAW" -> rig.order(AnnouncementRig.WITHDRAW);
            case "RESUME" -> rig.resume();
            case "NO_HOLD_DOWN" -> {
                rig.announcement.reconfigure(Optional.empty(), AnnouncementRig.WAIT);
                yield rig.step();
            }
            case "SHORTER_WAIT" -> {
                rig.announcement.reconfigure(Optional.of(AnnouncementRig.HOLD), Duration.ofSeconds(5));
                yield rig.pass(Duration.ofSeconds(5));
            }
            default -> throw new AssertionError(event);
        };
    }
}
