package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.PoolConfig.HoldDown;
import io.penstock.forwarder.config.PoolConfig.Return;
import io.penstock.forwarder.config.PoolConfig.SlowStart;
import io.penstock.forwarder.config.PoolConfig.SlowStart.Curve;
import io.penstock.forwarder.control.MemberState.Status;
import io.penstock.forwarder.control.Transition.Reason;
import io.penstock.health.AgentReport;
import io.penstock.health.AgentReport.Admin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MemberStateTest {
    private static final long SECOND = 1_000_000_000;
    private static final Return SLOWLY = new Return(
            Optional.of(new SlowStart(Duration.ofSeconds(20), Curve.LINEAR)),
            Optional.of(new HoldDown(2, Duration.ofSeconds(60), Duration.ofSeconds(10))));

    /** What comes to a member, in the order of the table's columns. */
    private enum Event {
        CHECK_DOWN,
        CHECK_UP,
        AGENT_DOWN,
        AGENT_UP,
        DRAIN,
        MAINT,
        READY,
        ZERO_PERCENT,
        EJECT,
        BREAKER_OPENS,
        BREAKER_TRIES,
        BREAKER_CLOSES,
        TIME_PASSES
    }

    /** For each status the one after each event, in the order of {@link Event}; a dash for no change. */
    private static final String TABLE = """
            UP          DOWN  -    DOWN  -  DRAINING  MAINTENANCE  -         DRAINING  EJECTED  OPEN  TRIAL  -         -
            STARTING    DOWN  -    DOWN  -  DRAINING  MAINTENANCE  -         DRAINING  EJECTED  OPEN  TRIAL  -         UP
            TRIAL       DOWN  -    DOWN  -  DRAINING  MAINTENANCE  -         DRAINING  EJECTED  OPEN  -      STARTING  -
            OPEN        DOWN  -    DOWN  -  DRAINING  MAINTENANCE  -         DRAINING  EJECTED  -     TRIAL  STARTING  -
            EJECTED     DOWN  -    DOWN  -  DRAINING  MAINTENANCE  -         DRAINING  -        -     -      -         STARTING
            HELD        DOWN  -    DOWN  -  DRAINING  MAINTENANCE  -         DRAINING  -        -     -      -         STARTING
            DRAINING    DOWN  -    DOWN  -  -         MAINTENANCE  STARTING  -         -        -     -      -         -
            DOWN        -     STARTING  -  -  -       MAINTENANCE  -         -         -        -     -      -         -
            MAINTENANCE -     -    -     -  DRAINING  -            STARTING  -         -        -     -      -         -
            """;

    /** For each status whether the member is lost after each event. */
    private static final String LOST = """
            UP          lost  -     lost  -     -     -     -     -     lost  lost  -     -     -
            STARTING    lost  -     lost  -     -     -     -     -     lost  lost  -     -     -
            TRIAL       lost  -     lost  -     -     -     -     -     lost  lost  -     -     -
            OPEN        lost  lost  lost  lost  lost  lost  lost  lost  lost  lost  -     -     lost
            EJECTED     lost  lost  lost  lost  lost  lost  lost  lost  lost  lost  lost  lost  -
            HELD        lost  -     lost  -     -     -     -     -     lost  lost  -     -     -
            DRAINING    lost  -     lost  -     -     -     -     -     lost  lost  -     -     -
            DOWN        lost  -     lost  lost  lost  lost  lost  lost  lost  lost  lost  lost  lost
            MAINTENANCE lost  -     lost  -     -     -     -     -     lost  lost  -     -     -
            """;

    static Stream<Arguments> rows() {
        return rows(TABLE, (from, word) -> word.equals("-") ? from : Status.valueOf(word));
    }

    static Stream<Arguments> losses() {
        return rows(LOST, (from, word) -> word.equals("lost"));
    }

    private static Stream<Arguments> rows(String table, BiFunction<Status, String, Object> meaning) {
        return table.lines().flatMap(line -> {
            List<String> words = Pattern.compile(" +").splitAsStream(line).toList();
            Status from = Status.valueOf(words.get(0));
            List<Event> events = List.of(Event.values());
            return events.stream().map(event -> {
                String word = words.get(1 + events.indexOf(event));
                return Arguments.of(from, event, meaning.apply(from, word));
            });
        });
    }

    @ParameterizedTest(name = "{0} {1} -> {2}")
    @MethodSource("rows")
    void shouldGoFromStatusToStatus(Status from, Event event, Status to) {
        Driven member = new Driven(from);
        member.seen.clear();
        member.onEvent(event);
        assertEquals(to, member.state.status());
        assertEquals(to == from ? 0 : 1, member.seen.size(), "told once of a change, and of nothing else");
        assertEquals(to.isEligible(), member.state.weight() > 0);
    }

    @ParameterizedTest(name = "{0} {1} lost {2}")
    @MethodSource("losses")
    void shouldBeLostWhenHealthOrFailuresSaySo(Status from, Event event, boolean lost) {
        Driven member = new Driven(from);
        boolean before = isLost(member);
        long sinceNs = member.state.lostSinceNs();
        member.nowNs += SECOND;
        member.onEvent(event);
        assertEquals(lost, isLost(member));
        if (lost) {
            assertEquals(before ? sinceNs : member.nowNs, member.state.lostSinceNs(), "since its first reason");
        }
    }

    private static boolean isLost(Driven member) {
        return member.state.lostSinceNs() != BackendLoad.NOT_LOST;
    }

    @Test
    void shouldNotBeLostForBeingSlow() {
        Driven member = new Driven(Status.UP);
        member.state.onEjected(SECOND, Reason.LATENCY, "score 5", 0);
        assertFalse(isLost(member));
        member.state.onBreaker(CircuitBreaker.State.OPEN, Reason.SLOW_RATE, "60 %", 0);
        member.state.onBreaker(CircuitBreaker.State.HALF_OPEN, Reason.OPEN_TIME_OVER, "open for 5 s", 0);
        member.state.onBreaker(CircuitBreaker.State.OPEN, Reason.TRIAL_FAILED, "a trial was slow", 0);
        assertFalse(isLost(member));
    }

    @Test
    void shouldBeLostAgainWhenATrialAfterFailuresFails() {
        Driven member = new Driven(Status.TRIAL);
        assertFalse(isLost(member), "those of the trial stay");
        member.state.onBreaker(CircuitBreaker.State.OPEN, Reason.TRIAL_FAILED, "a trial failed", SECOND);
        assertEquals(SECOND, member.state.lostSinceNs());
    }

    /** What is dead does not serve because its operator looks after it. */
    @Test
    void shouldStayLostInMaintenanceUntilChecksBeginAnew() {
        Driven member = new Driven(Status.DOWN);
        member.onEvent(Event.MAINT);
        assertTrue(isLost(member));
        member.onEvent(Event.READY);
        assertEquals(Status.STARTING, member.state.status());
        assertFalse(isLost(member));
    }

    /** As of a forwarder that has taken over the sessions of another. */
    @Test
    void shouldNotBeLostBeforeTheFirstVerdict() {
        MemberState taken =
                new MemberState(backend(BackendConfig.State.READY), SLOWLY, false, false, 0, (a, b, c, d) -> {});
        assertEquals(Status.DOWN, taken.status());
        taken.onTime(SECOND);
        assertEquals(BackendLoad.NOT_LOST, taken.lostSinceNs());
        taken.onCheck(false, "refused", 2 * SECOND);
        assertEquals(2 * SECOND, taken.lostSinceNs());
    }

    @Test
    void shouldSayWhyAndWithWhat() {
        Driven member = new Driven(Status.UP);
        member.onCheck(false, "connection refused", SECOND);
        assertEquals(List.of("UP DOWN CHECK connection refused"), member.seen);
        member.onCheck(true, "connected", 2 * SECOND);
        member.onCheck(false, "timeout", 3 * SECOND);
        member.seen.clear();
        member.onCheck(true, "connected", 4 * SECOND);
        member.onTime(14 * SECOND);
        assertEquals(
                List.of("DOWN HELD HOLD_DOWN down 2 times within 60 s; connected", "HELD STARTING QUIET stayed up"),
                member.seen);
    }

    @Test
    void shouldReportWhatTheAgentSaid() {
        Driven member = new Driven(Status.UP);
        member.onAgent(new AgentReport(
                OptionalInt.of(50), Optional.of(Admin.DRAIN), Optional.of(false), OptionalInt.empty(), "disk full"));
        assertEquals(List.of("UP DOWN AGENT agent: 50% drain down disk full"), member.seen);
    }

    @Test
    void shouldWeighByConfigurationAgentAndLearning() {
        Driven member = new Driven(Status.UP);
        assertEquals(1_000, member.state.weight(), "10 in hundredths");
        assertTrue(member.state.onAgent(percent(50), SECOND));
        assertEquals(500, member.state.weight());
        assertFalse(member.state.onAgent(percent(50), SECOND), "nothing new");
        assertTrue(member.state.onLearnt(0.1, SECOND));
        assertEquals(50, member.state.weight());
        assertEquals(500, member.state.weightWhateverHealth());
        assertTrue(member.state.onLearnt(1e-9, SECOND));
        assertEquals(1, member.state.weight(), "an eligible member keeps a place");
        assertTrue(member.state.onAgent(percent(0), SECOND));
        assertEquals(0, member.state.weight());
        assertTrue(member.state.isTakenOut());
    }

    @Test
    void shouldKeepAWeightWhateverHealthUnlessTakenOut() {
        for (Status status : Status.values()) {
            boolean takenOut = status == Status.DRAINING || status == Status.MAINTENANCE;
            assertEquals(takenOut ? 0 : 1_000, new Driven(status).state.weightWhateverHealth(), status.name());
        }
    }

    @Test
    void shouldRaiseItsWeightInStepsAfterAReturnButNotWhenTheProcessStarts() {
        Driven member = new Driven(Status.STARTING);
        List<Integer> weights = new ArrayList<>();
        while (member.state.status() == Status.STARTING) {
            weights.add(member.state.weight());
            assertTrue(member.onTime(member.state.deadlineNs()), "each deadline is a step");
        }
        assertEquals(SlowStartTest.STEPS, weights.size());
        assertEquals(50, weights.get(0));
        assertEquals(1_000, member.state.weight());
        assertEquals(MemberState.NEVER, member.state.deadlineNs());
        assertEquals(Status.UP, new Driven(Status.UP).state.status());
        assertEquals(
                Status.STARTING,
                new MemberState(backend(BackendConfig.State.READY), SLOWLY, true, true, 0, (a, b, c, d) -> {}).status(),
                "a server that joins later is new");
    }

    @Test
    void shouldStartAnewWhenItFallsWhileItStarts() {
        Driven member = new Driven(Status.STARTING);
        member.onTime(member.nowNs + 10 * SECOND);
        int half = member.state.weight();
        member.eject();
        member.onTime(member.nowNs + 40 * SECOND);
        assertEquals(Status.STARTING, member.state.status());
        assertTrue(member.state.weight() < half);
    }

    /** An ejected member whose check passes waits its time all the same. */
    @Test
    void shouldWaitForTheEndOfItsEjectionWhenChecksPassAgain() {
        Driven member = new Driven(Status.EJECTED);
        member.onCheck(false, "refused", member.nowNs + SECOND);
        member.onCheck(true, "connected", member.nowNs + SECOND);
        assertEquals(Status.EJECTED, member.state.status());
        member.onTime(member.state.deadlineNs());
        assertEquals(Status.STARTING, member.state.status());
    }

    @Test
    void shouldBeDownWhileAgentOrChecksSaySo() {
        Driven member = new Driven(Status.DOWN);
        member.onAgent(verdict(false));
        member.onCheck(true, "connected", member.nowNs);
        assertEquals(Status.DOWN, member.state.status());
        member.onAgent(verdict(true));
        assertEquals(Status.STARTING, member.state.status());
    }

    @Test
    void shouldStopChecksOnlyInMaintenanceAndAskAnAgentUnlessTheOperatorWantsMaintenance() {
        for (Status status : Status.values()) {
            Driven member = new Driven(status);
            assertEquals(status != Status.MAINTENANCE, member.state.isChecked(), status.name());
            assertTrue(member.state.isAgentAsked());
        }
        MemberState maintained =
                new MemberState(backend(BackendConfig.State.MAINTENANCE), SLOWLY, true, false, 0, (a, b, c, d) -> {});
        assertEquals(Status.MAINTENANCE, maintained.status());
        assertFalse(maintained.isChecked() || maintained.isAgentAsked());
        maintained.onAgent(wants(Admin.READY), 0);
        assertEquals(Status.MAINTENANCE, maintained.status(), "the operator's word stands");
    }

    /** The checks begin anew, so what they said before is no longer known. */
    @Test
    void shouldForgetTheVerdictOfChecksDuringMaintenance() {
        Driven member = new Driven(Status.DOWN);
        member.onAgent(wants(Admin.MAINTENANCE));
        member.onAgent(wants(Admin.READY));
        assertEquals(Status.STARTING, member.state.status());
    }

    /** A backend that is down for 1 s in every 4: after two falls it is let in only when it keeps quiet. */
    @Test
    void shouldStayOutWhileItFlaps() {
        Driven member = new Driven(Status.UP);
        int eligibleAfterSecondFall = 0;
        for (int second = 4; second < 400; second++) {
            boolean up = second % 4 != 0;
            if (second % 4 <= 1) {
                member.onCheck(up, "flapping", second * SECOND);
            } else {
                member.onTime(second * SECOND);
            }
            eligibleAfterSecondFall += second > 8 && member.state.isEligible() ? 1 : 0;
        }
        assertEquals(0, eligibleAfterSecondFall);
        // Its last fall was at 396 s, its last rise at 397 s.
        member.onTime(407 * SECOND - 1);
        assertFalse(member.state.isEligible());
        member.onTime(407 * SECOND);
        assertTrue(member.state.isEligible());
    }

    @Test
    void shouldBelieveAReturnWhenFallsLieFarApart() {
        Driven member = new Driven(Status.UP);
        for (int fall = 1; fall <= 10; fall++) {
            member.onCheck(false, "refused", 61L * fall * SECOND);
            member.onCheck(true, "connected", (61L * fall + 1) * SECOND);
            assertTrue(member.state.isEligible());
        }
    }

    private static AgentReport wants(Admin admin) {
        return new AgentReport(OptionalInt.empty(), Optional.of(admin), Optional.empty(), OptionalInt.empty(), "");
    }

    private static AgentReport verdict(boolean up) {
        return new AgentReport(OptionalInt.empty(), Optional.empty(), Optional.of(up), OptionalInt.empty(), "");
    }

    private static AgentReport percent(int percent) {
        return new AgentReport(OptionalInt.of(percent), Optional.empty(), Optional.empty(), OptionalInt.empty(), "");
    }

    private static BackendConfig backend(BackendConfig.State wanted) {
        return new BackendConfig("b", "10.0.0.1", 80, 10, Optional.empty(), 0, wanted, 0);
    }

    /** A member that was brought to a status, at a time that goes on. */
    private static final class Driven {
        private final List<String> seen = new ArrayList<>();
        private final MemberState state = new MemberState(
                backend(BackendConfig.State.READY), SLOWLY, true, false, 0, (from, to, why, evidence) -> {
                    assertTrue(from != to);
                    seen.add(from + " " + to + " " + why + " " + evidence);
                });
        private long nowNs;

        private Driven(Status status) {
            switch (status) {
                case UP -> {}
                case STARTING -> flap();
                case TRIAL -> {
                    breaker(CircuitBreaker.State.OPEN);
                    breaker(CircuitBreaker.State.HALF_OPEN);
                }
                case OPEN -> breaker(CircuitBreaker.State.OPEN);
                case EJECTED -> eject();
                case HELD -> {
                    flap();
                    flap();
                }
                case DRAINING -> onAgent(wants(Admin.DRAIN));
                case DOWN -> onCheck(false, "refused", 0);
                case MAINTENANCE -> onAgent(wants(Admin.MAINTENANCE));
            }
            assertEquals(status, state.status());
        }

        private void onEvent(Event event) {
            switch (event) {
                case CHECK_DOWN -> onCheck(false, "refused", nowNs);
                case CHECK_UP -> onCheck(true, "connected", nowNs);
                case AGENT_DOWN -> onAgent(verdict(false));
                case AGENT_UP -> onAgent(verdict(true));
                case DRAIN -> onAgent(wants(Admin.DRAIN));
                case MAINT -> onAgent(wants(Admin.MAINTENANCE));
                case READY -> onAgent(wants(Admin.READY));
                case ZERO_PERCENT -> onAgent(percent(0));
                case EJECT -> eject();
                case BREAKER_OPENS -> breaker(CircuitBreaker.State.OPEN);
                case BREAKER_TRIES -> breaker(CircuitBreaker.State.HALF_OPEN);
                case BREAKER_CLOSES -> breaker(CircuitBreaker.State.CLOSED);
                case TIME_PASSES -> onTime(nowNs + 100 * SECOND);
            }
        }

        private void flap() {
            onCheck(false, "refused", nowNs);
            onCheck(true, "connected", nowNs);
        }

        private void onCheck(boolean up, String evidence, long atNs) {
            nowNs = atNs;
            state.onCheck(up, evidence, atNs);
        }

        private boolean onTime(long atNs) {
            nowNs = atNs;
            return state.onTime(atNs);
        }

        private void onAgent(AgentReport report) {
            state.onAgent(report, nowNs);
        }

        private void eject() {
            state.onEjected(nowNs + 30 * SECOND, Reason.CONNECT_FAILURES, "5 connects in a row failed", nowNs);
        }

        private void breaker(CircuitBreaker.State next) {
            state.onBreaker(next, Reason.FAILURE_RATE, "half of them failed", nowNs);
        }
    }
}
