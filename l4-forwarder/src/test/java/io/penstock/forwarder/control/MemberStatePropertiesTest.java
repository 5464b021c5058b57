package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever comes, in whatever order. */
class MemberStatePropertiesTest {
    private static final long SECOND = 1_000_000_000;
    private static final Return SLOWLY = new Return(
            Optional.of(new SlowStart(Duration.ofSeconds(7), Curve.EXPONENTIAL)),
            Optional.of(new HoldDown(3, Duration.ofSeconds(30), Duration.ofSeconds(5))));

    private Status told = Status.UP;
    private final MemberState state = new MemberState(
            new BackendConfig("b", "10.0.0.1", 80, 3), SLOWLY, true, false, 0, (from, to, reason, evidence) -> {
                assertEquals(told, from, "each goes on where the last one ended");
                assertNotEquals(from, to);
                told = to;
            });
    private long nowNs;

    /** Each number is an event and, by its tens, how many seconds come before it. */
    @Property
    void shouldSayWhatItIsAndEndUpInWhenAllIsWell(@ForAll @Size(max = 60) List<@IntRange(max = 199) Integer> script) {
        for (int step : script) {
            advance(nowNs + step / 10 * SECOND);
            int weight = state.weight();
            int whateverHealth = state.weightWhateverHealth();
            boolean lost = isLost();
            boolean changed = apply(step % 10);
            assertEquals(
                    weight != state.weight() || whateverHealth != state.weightWhateverHealth() || lost != isLost(),
                    changed);
            check();
        }
        state.onCheck(true, "connected", nowNs);
        agent(OptionalInt.of(100), Optional.of(Admin.READY), Optional.of(true));
        state.onBreaker(CircuitBreaker.State.CLOSED, Reason.TRIAL_PASSED, "3 trials succeeded", nowNs);
        advance(nowNs + 100 * SECOND);
        assertEquals(Status.UP, state.status());
        assertEquals(300, state.weight());
        assertEquals(MemberState.NEVER, state.deadlineNs());
    }

    private boolean isLost() {
        return state.lostSinceNs() != BackendLoad.NOT_LOST;
    }

    private boolean apply(int event) {
        return switch (event) {
            case 0, 1 -> state.onCheck(event == 0, "told", nowNs);
            case 2, 3 -> agent(OptionalInt.empty(), Optional.empty(), Optional.of(event == 2));
            case 4 -> agent(OptionalInt.of(0), Optional.of(Admin.DRAIN), Optional.empty());
            case 5 -> agent(OptionalInt.of(50), Optional.of(Admin.READY), Optional.empty());
            case 6 -> agent(OptionalInt.empty(), Optional.of(Admin.MAINTENANCE), Optional.empty());
            case 7 -> state.onEjected(nowNs + 10 * SECOND, Reason.EARLY_RESETS, "5 resets", nowNs);
            case 8 -> state.onBreaker(CircuitBreaker.State.OPEN, Reason.FAILURE_RATE, "half", nowNs);
            default -> state.onBreaker(CircuitBreaker.State.HALF_OPEN, Reason.OPEN_TIME_OVER, "open", nowNs);
        };
    }

    private boolean agent(OptionalInt percent, Optional<Admin> admin, Optional<Boolean> verdict) {
        return state.onAgent(new AgentReport(percent, admin, verdict, OptionalInt.empty(), ""), nowNs);
    }

    /** Does what is due on the way, and nothing is due twice. */
    private void advance(long toNs) {
        while (state.deadlineNs() <= toNs) {
            long deadlineNs = state.deadlineNs();
            state.onTime(deadlineNs);
            assertTrue(state.deadlineNs() > deadlineNs);
            check();
        }
        nowNs = toNs;
    }

    private void check() {
        assertEquals(told, state.status());
        assertEquals(state.isEligible(), state.weight() > 0);
        assertTrue(state.weight() <= Math.max(1, state.weightWhateverHealth()));
        assertTrue(!state.isEligible() || !state.isTakenOut());
        assertTrue(!state.isEligible() || !isLost());
        assertTrue(state.status() != Status.DOWN || isLost());
        assertTrue(!isLost() || state.lostSinceNs() <= nowNs);
        assertEquals(state.status() != Status.MAINTENANCE, state.isChecked());
    }
}
