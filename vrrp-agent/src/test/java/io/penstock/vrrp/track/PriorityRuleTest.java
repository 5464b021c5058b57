package io.penstock.vrrp.track;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.TrackConfig;
import io.penstock.vrrp.track.TrackBoard.Sight;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriorityRuleTest {
    private static final String ROUTER = "web";
    private static final String TRACK = "fwd";
    private static final long BEGAN_NS = 1_000_000_000_000L;
    private static final long MS = Duration.ofMillis(1).toNanos();

    /** Of {@link TrackedRouter#forwarder}. */
    private static final long RISE_NS = 600 * MS;

    private static final long FALL_NS = 900 * MS;

    private final TrackBoard board = new TrackBoard(() -> {});

    /** Where a track stands, and so what is said of it at {@link #BEGAN_NS} and how much later it is judged. */
    private enum Case {
        UP(Optional.empty(), Optional.of(true), FALL_NS),
        DOWN(Optional.empty(), Optional.of(false), RISE_NS),
        /** Nothing heard, and still within the time that a first word can take. */
        YOUNG(Optional.empty(), Optional.empty(), FALL_NS - 1),
        YOUNG_ASSUMED_UP(Optional.of(true), Optional.empty(), FALL_NS - 1),
        YOUNG_ASSUMED_DOWN(Optional.of(false), Optional.empty(), FALL_NS - 1),
        /** Nothing heard for too long. */
        MUTE(Optional.empty(), Optional.empty(), FALL_NS),
        MUTE_ASSUMED_UP(Optional.of(true), Optional.empty(), FALL_NS),
        /** Up, and not confirmed when that was due: still up at first. */
        SILENT_UP(Optional.empty(), Optional.of(true), FALL_NS + 1),
        SILENT_UP_TO_THE_END(Optional.empty(), Optional.of(true), 2 * FALL_NS),
        SILENT_DOWN(Optional.empty(), Optional.of(false), RISE_NS + 1),
        /** For longer than a first word can take. */
        DEAD_UP(Optional.empty(), Optional.of(true), 2 * FALL_NS + 1),
        DEAD_DOWN(Optional.empty(), Optional.of(false), RISE_NS + FALL_NS + 1);

        private final Optional<Boolean> assumed;
        private final Optional<Boolean> said;
        private final long laterNs;

        Case(Optional<Boolean> assumed, Optional<Boolean> said, long laterNs) {
            this.assumed = assumed;
            this.said = said;
            this.laterNs = laterNs;
        }
    }

    @ParameterizedTest
    @CsvSource({
        // weight, case, priority in effect of 100, fault, known, up
        "-60, UP,                   100, false, true,  true",
        "-60, DOWN,                  40, false, true,  false",
        "-60, YOUNG,                100, false, false, true",
        "-60, YOUNG_ASSUMED_UP,     100, false, false, true",
        "-60, YOUNG_ASSUMED_DOWN,    40, false, false, false",
        "-60, MUTE,                  40, false, false, false",
        "-60, MUTE_ASSUMED_UP,       40, false, false, false",
        "-60, SILENT_UP,            100, false, false, true",
        "-60, SILENT_UP_TO_THE_END, 100, false, false, true",
        "-60, SILENT_DOWN,           40, false, false, false",
        "-60, DEAD_UP,               40, false, false, false",
        "-60, DEAD_DOWN,             40, false, false, false",
        "60,  UP,                   160, false, true,  true",
        "60,  DOWN,                 100, false, true,  false",
        "60,  YOUNG,                100, false, false, false",
        "60,  YOUNG_ASSUMED_UP,     160, false, false, true",
        "60,  YOUNG_ASSUMED_DOWN,   100, false, false, false",
        "60,  MUTE,                 100, false, false, false",
        "60,  MUTE_ASSUMED_UP,      100, false, false, false",
        "60,  SILENT_UP,            160, false, false, true",
        "60,  SILENT_UP_TO_THE_END, 160, false, false, true",
        "60,  SILENT_DOWN,          100, false, false, false",
        "60,  DEAD_UP,              100, false, false, false",
        "60,  DEAD_DOWN,            100, false, false, false",
        "'',  UP,                   100, false, true,  true",
        "'',  DOWN,                 100, true,  true,  false",
        "'',  YOUNG,                100, true,  false, false",
        "'',  YOUNG_ASSUMED_UP,     100, false, false, true",
        "'',  YOUNG_ASSUMED_DOWN,   100, true,  false, false",
        "'',  MUTE,                 100, true,  false, false",
        "'',  MUTE_ASSUMED_UP,      100, true,  false, false",
        "'',  SILENT_UP,            100, false, false, true",
        "'',  SILENT_UP_TO_THE_END, 100, false, false, true",
        "'',  SILENT_DOWN,          100, true,  false, false",
        "'',  DEAD_UP,              100, true,  false, false",
        "'',  DEAD_DOWN,            100, true,  false, false",
    })
    void shouldWeighTrackByWhatIsKnownOfIt(
            String weight, Case sort, int priority, boolean fault, boolean known, boolean up) {
        RouterConfig router = TrackedRouter.of(ROUTER, 100, TrackedRouter.forwarder(TRACK, weight(weight)));
        board.begin(new TrackKey(ROUTER, TRACK), BEGAN_NS, sort.assumed);
        sort.said.ifPresent(isUp -> board.post(ROUTER, TRACK, new Sight(isUp, 0, "said so"), BEGAN_NS));
        Verdict verdict = decide(router, BEGAN_NS + sort.laterNs);
        assertEquals(priority, verdict.priority());
        assertEquals(fault, verdict.fault().isPresent());
        TrackView view = verdict.views().get(0);
        assertEquals(known, view.known());
        assertEquals(up, view.up());
        assertEquals(fault, view.fault());
        assertEquals(priority - 100, view.contribution());
    }

    /** A deadline that came too early would be asked for again and again, one that came too late would not be one. */
    @ParameterizedTest
    @CsvSource({
        "UP, 900000001",
        "DOWN, 600000001",
        "YOUNG, 900000000",
        "YOUNG_ASSUMED_UP, 900000000",
        "SILENT_UP, 1800000001",
        "SILENT_DOWN, 1500000001",
    })
    void shouldSayWhenVerdictChangesByItself(Case sort, long changesAfterNs) {
        RouterConfig router = TrackedRouter.of(ROUTER, 100, TrackedRouter.forwarder(TRACK, OptionalInt.empty()));
        board.begin(new TrackKey(ROUTER, TRACK), BEGAN_NS, sort.assumed);
        sort.said.ifPresent(up -> board.post(ROUTER, TRACK, new Sight(up, 0, ""), BEGAN_NS));
        long nowNs = BEGAN_NS + sort.laterNs;
        long changesAtNs = PriorityRule.changesAtNs(router, board, nowNs);
        assertEquals(BEGAN_NS + changesAfterNs, changesAtNs);
        List<TrackView> now = decide(router, nowNs).views();
        assertEquals(now, decide(router, changesAtNs - 1).views());
        boolean stays = sort == Case.YOUNG || sort == Case.SILENT_DOWN;
        assertEquals(stays, now.equals(decide(router, changesAtNs).views()));
    }

    @ParameterizedTest
    @CsvSource({"MUTE", "DEAD_UP", "DEAD_DOWN"})
    void shouldNotChangeByItselfAnyMoreWhenTrackIsGivenUp(Case sort) {
        RouterConfig router = TrackedRouter.of(ROUTER, 100, TrackedRouter.forwarder(TRACK, OptionalInt.empty()));
        board.begin(new TrackKey(ROUTER, TRACK), BEGAN_NS, sort.assumed);
        sort.said.ifPresent(up -> board.post(ROUTER, TRACK, new Sight(up, 0, ""), BEGAN_NS));
        assertEquals(Long.MAX_VALUE, PriorityRule.changesAtNs(router, board, BEGAN_NS + sort.laterNs));
    }

    @Test
    void shouldBeUnknownBeforeWatchBegins() {
        RouterConfig router = TrackedRouter.of(
                ROUTER,
                100,
                TrackedRouter.forwarder("plain", OptionalInt.empty()),
                TrackedRouter.forwarder("minus", OptionalInt.of(-10)),
                TrackedRouter.forwarder("plus", OptionalInt.of(10)));
        Verdict verdict = decide(router, BEGAN_NS);
        assertEquals(100, verdict.priority());
        assertEquals(Optional.of("plain: no word of it yet"), verdict.fault());
        assertEquals(Long.MAX_VALUE, PriorityRule.changesAtNs(router, board, BEGAN_NS));
    }

    @Test
    void shouldSayWhyOfEachState() {
        RouterConfig router = TrackedRouter.of(ROUTER, 100, TrackedRouter.forwarder(TRACK, OptionalInt.empty()));
        board.begin(new TrackKey(ROUTER, TRACK), BEGAN_NS, Optional.empty());
        assertEquals(
                Optional.of("fwd: no word of it yet"), decide(router, BEGAN_NS).fault());
        board.post(ROUTER, TRACK, new Sight(false, 0, "web: no backend is up"), BEGAN_NS);
        assertEquals(
                Optional.of("fwd: web: no backend is up"),
                decide(router, BEGAN_NS).fault());
        assertEquals(
                Optional.of("fwd: its watch has fallen silent"),
                decide(router, BEGAN_NS + 10 * FALL_NS).fault());
    }

    @ParameterizedTest
    @CsvSource({
        // weight, number, priority in effect of 100, fault
        "'',    0, 100, false",
        "'',   10, 110, false",
        "'',  -10,  90, false",
        "'',  254, 254, false",
        "'', -253,   1, false",
        "'', -254, 100, true",
        "'', -255, 100, true",
        "2,    10, 120, false",
        "2,  -126,   1, false",
        "2,  -127, 100, true",
        "-3,   10,  70, false",
        "-3,  -10, 130, false",
        "-3,   84,   1, false",
        "-3,   85, 100, true",
        "-253, 255, 100, true",
        "253,  255, 254, false",
    })
    void shouldMultiplyNumberOfFile(String weight, int number, int priority, boolean fault) {
        RouterConfig router =
                TrackedRouter.of(ROUTER, 100, new TrackConfig.File(TRACK, weight(weight), Path.of("/run/number")));
        board.post(ROUTER, TRACK, new Sight(true, number, "says " + number));
        Verdict verdict = decide(router, BEGAN_NS);
        assertEquals(priority, verdict.priority());
        assertEquals(fault ? Optional.of("fwd: says " + number) : Optional.empty(), verdict.fault());
        assertEquals(!fault, verdict.views().get(0).up());
        assertEquals(Long.MAX_VALUE, PriorityRule.changesAtNs(router, board, BEGAN_NS));
    }

    @Test
    void shouldTakeFileForZeroWhenItWasNotReadYet() {
        RouterConfig router =
                TrackedRouter.of(ROUTER, 100, new TrackConfig.File(TRACK, OptionalInt.empty(), Path.of("/run/number")));
        Verdict verdict = decide(router, BEGAN_NS);
        assertEquals(
                new Verdict(
                        100,
                        Optional.empty(),
                        List.of(new TrackView(TRACK, "file", false, true, 0, false, "not read yet"))),
                verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "'', true, 100, false",
        "'', false, 100, true",
        "-20, true, 100, false",
        "-20, false, 80, false",
        "20, true, 120, false",
        "20, false, 100, false",
    })
    void shouldFollowCarrierOfInterface(String weight, boolean carrier, int priority, boolean fault) {
        RouterConfig router =
                TrackedRouter.of(ROUTER, 100, new TrackConfig.Interface("uplink", weight(weight), "eth1"));
        Set<String> up = carrier ? Set.of("eth1") : Set.of("eth0");
        Verdict verdict = PriorityRule.decide(router, board, up::contains, BEGAN_NS);
        assertEquals(priority, verdict.priority());
        assertEquals(
                fault ? Optional.of("uplink: eth1 is down, has no carrier or is not there") : Optional.empty(),
                verdict.fault());
        assertEquals("interface", verdict.views().get(0).kind());
    }

    @ParameterizedTest
    @CsvSource({"254, 1, 254", "200, 253, 254", "1, -1, 1", "100, -253, 1", "254, -253, 1", "1, 253, 254"})
    void shouldKeepPriorityWithinRange(int configured, int added, int effective) {
        RouterConfig router = TrackedRouter.of(
                ROUTER, configured, new TrackConfig.File(TRACK, OptionalInt.empty(), Path.of("/run/number")));
        board.post(ROUTER, TRACK, new Sight(true, added, ""));
        assertEquals(effective, decide(router, BEGAN_NS).priority());
    }

    /** Only the sum is kept within the range, not each step to it. */
    @Test
    void shouldAddAllWeightsBeforeRangeCounts() {
        RouterConfig router = TrackedRouter.of(
                ROUTER,
                200,
                new TrackConfig.Interface("a", OptionalInt.of(100), "eth1"),
                new TrackConfig.Interface("b", OptionalInt.of(-150), "eth2"),
                new TrackConfig.Interface("c", OptionalInt.of(-30), "eth1"));
        assertEquals(
                150,
                PriorityRule.decide(router, board, Set.of("eth1")::contains, BEGAN_NS)
                        .priority());
    }

    @Test
    void shouldLeaveOwnersPriorityAloneAndNameAllFaults() {
        RouterConfig router = TrackedRouter.of(
                ROUTER,
                RouterConfig.OWNER_PRIORITY,
                new TrackConfig.Interface("uplink", OptionalInt.empty(), "eth1"),
                TrackedRouter.forwarder("plus", OptionalInt.of(60)),
                new TrackConfig.File("number", OptionalInt.empty(), Path.of("/run/number")),
                new TrackConfig.Interface("peer", OptionalInt.empty(), "eth2"));
        board.post(ROUTER, "plus", new Sight(true, 0, ""), BEGAN_NS);
        board.post(ROUTER, "number", new Sight(true, -20, "says -20"));
        Verdict verdict = decide(router, BEGAN_NS);
        assertEquals(RouterConfig.OWNER_PRIORITY, verdict.priority());
        assertEquals(
                Optional.of("uplink: eth1 is down, has no carrier or is not there;"
                        + " peer: eth2 is down, has no carrier or is not there"),
                verdict.fault());
        assertEquals(
                List.of(0, 0, 0, 0),
                verdict.views().stream().map(TrackView::contribution).toList());
    }

    @Test
    void shouldJudgeRouterWithoutTracks() {
        RouterConfig router = TrackedRouter.of(ROUTER, 150);
        assertEquals(new Verdict(150, Optional.empty(), List.of()), decide(router, BEGAN_NS));
        assertEquals(Long.MAX_VALUE, PriorityRule.changesAtNs(router, board, BEGAN_NS));
    }

    @Test
    void shouldNotMixUpTracksOfSeveralRouters() {
        board.post("other", TRACK, new Sight(true, 0, ""), BEGAN_NS);
        RouterConfig router = TrackedRouter.of(ROUTER, 100, TrackedRouter.forwarder(TRACK, OptionalInt.empty()));
        assertFalse(decide(router, BEGAN_NS).views().get(0).known());
    }

    private Verdict decide(RouterConfig router, long nowNs) {
        return PriorityRule.decide(router, board, name -> false, nowNs);
    }

    private static OptionalInt weight(String text) {
        return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    }
}
