package io.penstock.vrrp.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each state and each event: what is done, and where it leads. */
class VirtualRouterTransitionsTest {
    /** At half an interval of a router at priority 100, with preemption, that has heard nobody yet. */
    private static final Map<String, Function<RouterRig, List<Action>>> EVENTS = new TreeMap<>(Map.ofEntries(
            Map.entry("stop", rig -> rig.done(rig.router.stop(rig.nowNs))),
            Map.entry("hear-zero", rig -> rig.hear(0, RouterRig.LOWER)),
            Map.entry("hear-lower", rig -> rig.hear(99, RouterRig.HIGHER)),
            Map.entry("hear-equal-at-lower", rig -> rig.hear(100, RouterRig.LOWER)),
            Map.entry("hear-equal-at-higher", rig -> rig.hear(100, RouterRig.HIGHER)),
            Map.entry("hear-itself", rig -> rig.hear(100, RouterRig.OWN)),
            Map.entry("hear-higher", rig -> rig.hear(101, RouterRig.LOWER)),
            Map.entry("hear-lower-when-late", rig -> rig.after(2500).hear(99, RouterRig.HIGHER)),
            Map.entry("early", RouterRig::deadline),
            Map.entry("interval-over", rig -> rig.after(500).deadline()),
            Map.entry("late", rig -> rig.after(2500).deadline()),
            Map.entry("silence", rig -> rig.after(3200).deadline()),
            Map.entry(
                    "same-conditions",
                    rig -> rig.conditions(rig.router.view().state() == State.FAULT ? rig.faulty() : rig.healthy())),
            Map.entry("fault", rig -> rig.conditions(rig.faulty())),
            Map.entry("healthy", rig -> rig.conditions(rig.healthy())),
            Map.entry("healthy-owner", rig -> rig.conditions(rig.priority(255).healthy())),
            Map.entry(
                    "other-priority",
                    rig -> rig.conditions(new Conditions(
                            50,
                            rig.router.state() == State.FAULT ? Optional.of("x") : Optional.empty(),
                            Optional.of(RouterRig.OWN)))),
            Map.entry("hand-over", rig -> rig.done(rig.router.handOver(Duration.ofSeconds(60), rig.nowNs))),
            Map.entry("follow-initialize", rig -> rig.done(rig.router.follow(State.INITIALIZE, "group", rig.nowNs))),
            Map.entry("follow-fault", rig -> rig.done(rig.router.follow(State.FAULT, "group", rig.nowNs))),
            Map.entry("follow-backup", rig -> rig.done(rig.router.follow(State.BACKUP, "group", rig.nowNs))),
            Map.entry("follow-active", rig -> rig.done(rig.router.follow(State.ACTIVE, "group", rig.nowNs))),
            Map.entry("same-settings", rig -> rig.done(rig.router.reconfigure(rig.settings, rig.nowNs))),
            Map.entry(
                    "other-interval",
                    rig -> rig.done(rig.router.reconfigure(rig.interval(Duration.ofMillis(100)).settings, rig.nowNs))),
            Map.entry(
                    "other-addresses",
                    rig -> rig.done(rig.router.reconfigure(otherAddresses(rig.settings), rig.nowNs)))));

    private static final String TABLE = """
            initialize  stop                  initialize
            initialize  hear-zero             initialize
            initialize  hear-lower            initialize
            initialize  hear-equal-at-lower   initialize
            initialize  hear-equal-at-higher  initialize
            initialize  hear-itself           initialize
            initialize  hear-higher           initialize
            initialize  hear-lower-when-late  initialize
            initialize  early                 initialize
            initialize  interval-over         initialize
            initialize  late                  initialize
            initialize  silence               initialize
            initialize  same-conditions       initialize
            initialize  fault                 initialize
            initialize  healthy               initialize
            initialize  healthy-owner         initialize
            initialize  other-priority        initialize
            initialize  hand-over             initialize
            initialize  follow-initialize     initialize
            initialize  follow-fault          initialize
            initialize  follow-backup         initialize
            initialize  follow-active         initialize
            initialize  same-settings         initialize
            initialize  other-interval        initialize
            initialize  other-addresses       initialize
            fault       stop                  initialize  Tell initialize
            fault       hear-zero             fault
            fault       hear-lower            fault
            fault       hear-equal-at-lower   fault
            fault       hear-equal-at-higher  fault
            fault       hear-itself           fault
            fault       hear-higher           fault
            fault       hear-lower-when-late  fault
            fault       early                 fault
            fault       interval-over         fault
            fault       late                  fault
            fault       silence               fault
            fault       same-conditions       fault
            fault       fault                 fault
            fault       healthy               backup      Tell backup
            fault       healthy-owner         active      Send 255, TakeOver, Tell active
            fault       other-priority        fault
            fault       hand-over             fault
            fault       follow-initialize     fault
            fault       follow-fault          fault
            fault       follow-backup         fault
            fault       follow-active         fault
            fault       same-settings         fault
            fault       other-interval        fault
            fault       other-addresses       fault
            backup      stop                  initialize  LetGo, Tell initialize
            backup      hear-zero             backup
            backup      hear-lower            backup      LetGo
            backup      hear-equal-at-lower   backup      LetGo
            backup      hear-equal-at-higher  backup      LetGo
            backup      hear-itself           backup      LetGo
            backup      hear-higher           backup      LetGo
            backup      hear-lower-when-late  backup      LetGo
            backup      early                 backup
            backup      interval-over         backup
            backup      late                  backup
            backup      silence               active      Send 100, TakeOver, Tell active
            backup      same-conditions       backup
            backup      fault                 fault       LetGo, Tell fault
            backup      healthy               backup
            backup      healthy-owner         active      Send 255, TakeOver, Tell active
            backup      other-priority        backup
            backup      hand-over             backup
            backup      follow-initialize     backup
            backup      follow-fault          fault       LetGo, Tell fault
            backup      follow-backup         backup
            backup      follow-active         active      Send 100, TakeOver, Tell active
            backup      same-settings         backup
            backup      other-interval        backup
            backup      other-addresses       backup
            active      stop                  initialize  Send 0, LetGo, Tell initialize
            active      hear-zero             active      Send 100
            active      hear-lower            active      Notice DUPLICATE_ACTIVE, Send 100, AnnounceAgain
            active      hear-equal-at-lower   active      Notice DUPLICATE_ACTIVE, Send 100, AnnounceAgain
            active      hear-equal-at-higher  backup      LetGo, Tell backup
            active      hear-itself           active      Notice DUPLICATE_ACTIVE
            active      hear-higher           backup      LetGo, Tell backup
            active      hear-lower-when-late  backup      LetGo, Notice LATE, Tell backup
            active      early                 active
            active      interval-over         active      Send 100
            active      late                  backup      LetGo, Notice LATE, Tell backup
            active      silence               backup      LetGo, Notice LATE, Tell backup
            active      same-conditions       active
            active      fault                 fault       Send 0, LetGo, Tell fault
            active      healthy               active
            active      healthy-owner         active
            active      other-priority        active
            active      hand-over             backup      Send 0, LetGo, Tell backup
            active      follow-initialize     active
            active      follow-fault          fault       Send 0, LetGo, Tell fault
            active      follow-backup         backup      Send 0, LetGo, Tell backup
            active      follow-active         active
            active      same-settings         active
            active      other-interval        active      Send 100
            active      other-addresses       active      Send 100, TakeOver
            """;

    private static RouterSettings otherAddresses(RouterSettings settings) {
        return new RouterSettings(
                settings.name(),
                settings.version(),
                settings.vrid(),
                settings.interval(),
                settings.preempt(),
                settings.preemptDelay(),
                settings.stepDownWhenLate(),
                List.of(IpAddress.parse("192.0.2.11").orElseThrow()));
    }

    record Row(State state, String event, State next, List<String> actions) {
        static Row parse(String line) {
            String[] cells = line.split(" {2,}", 4);
            List<String> actions = cells.length < 4 ? List.of() : List.of(cells[3].split(", "));
            return new Row(state(cells[0]), cells[1], state(cells[2]), actions);
        }

        private static State state(String label) {
            return Arrays.stream(State.values())
                    .filter(state -> state.label().equals(label))
                    .findFirst()
                    .orElseThrow();
        }
    }

    static Stream<Row> rows() {
        return TABLE.lines().map(Row::parse);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void shouldDoAsTheTableSays(Row row) {
        RouterRig rig = new RouterRig().in(row.state).after(500);
        List<Action> actions = EVENTS.get(row.event).apply(rig);
        assertEquals(row.actions, RouterRig.words(actions), actions::toString);
        assertEquals(row.next, rig.router.state());
        assertEquals(row.next, rig.router.view().state());
    }

    @Test
    void shouldHaveEachStateAndEvent() {
        Set<String> expected = new HashSet<>();
        for (State state : State.values()) {
            EVENTS.keySet().forEach(event -> expected.add(state + " " + event));
        }
        List<String> given = rows().map(row -> row.state + " " + row.event).toList();
        assertEquals(expected, Set.copyOf(given));
        assertEquals(expected.size(), given.size());
    }

    @Test
    void shouldStartOnlyOnce() {
        RouterRig rig = new RouterRig().in(State.BACKUP);
        assertThrows(IllegalStateException.class, () -> rig.router.start(rig.healthy(), rig.nowNs));
        rig.router.stop(rig.nowNs);
        assertEquals(List.of("Tell backup"), RouterRig.words(rig.router.start(rig.healthy(), rig.nowNs)));
    }

    @Test
    void shouldStartInAFaultWithoutAnyAddress() {
        RouterRig rig = new RouterRig();
        VirtualRouter router = new VirtualRouter(rig.settings);
        Conditions noInterface = new Conditions(100, Optional.of("there is no eth0"), Optional.empty());
        assertEquals(List.of("LetGo", "Tell fault"), RouterRig.words(router.start(noInterface, 0)));
        assertEquals("there is no eth0", router.view().reason());
    }

    @Test
    void shouldNotBecomeAnotherRouter() {
        RouterRig rig = new RouterRig().in(State.ACTIVE);
        RouterSettings other = rig.version(Version.V2).settings;
        assertThrows(IllegalArgumentException.class, () -> rig.router.reconfigure(other, rig.nowNs));
    }
}
