package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.config.Rate;
import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.config.PoolConfig.FailBack;
import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.DrainTarget;
import io.penstock.net.IpPrefixMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FailBacksTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final Optional<FailBack> PLAN =
            Optional.of(new FailBack(Rate.perMinute(90), Duration.ofSeconds(10)));

    private final List<String> said = new ArrayList<>();
    private final FailBacks failBacks = new FailBacks(new FailBacks.Starter() {
        @Override
        public void begin(DrainTarget.FailBack target, DrainPlan plan, long nowNs) {
            said.add("begin " + target.pool() + " " + plan.ratePerSecond());
        }

        @Override
        public void cancel(DrainTarget.FailBack target) {
            said.add("cancel " + target.pool());
        }
    });

    private final BackendLoad backup = new BackendLoad();
    private final BackendLoad other = new BackendLoad();

    @Test
    void shouldBeginOnceWhenNobodyHasChangedForTheTime() {
        shares(PLAN, 0, backup);
        assertEquals(10 * SECOND_NS, failBacks.onTime(10 * SECOND_NS - 1));
        assertEquals(List.of("cancel web"), said);
        assertEquals(MemberState.NEVER, failBacks.onTime(10 * SECOND_NS));
        assertEquals(List.of("cancel web", "begin web 1.5"), said);
        failBacks.onTime(60 * SECOND_NS);
        assertEquals(2, said.size());
    }

    @Test
    void shouldNotBeginAnewWhenSharesAreTheSame() {
        shares(PLAN, 0, backup);
        failBacks.onTime(10 * SECOND_NS);
        shares(PLAN, 20, backup);
        assertEquals(MemberState.NEVER, failBacks.onTime(40 * SECOND_NS));
        assertEquals(2, said.size());
    }

    @Test
    void shouldStopWhenTheBetterOnesFailAgain() {
        shares(PLAN, 0, backup);
        failBacks.onTime(10 * SECOND_NS);
        shares(PLAN, 11);
        assertEquals("cancel web", said.get(2));
        assertEquals(MemberState.NEVER, failBacks.onTime(99 * SECOND_NS));
        assertEquals(3, said.size());
    }

    @Test
    void shouldWaitAnewWithEachChange() {
        shares(PLAN, 0, backup);
        shares(PLAN, 9, backup, other);
        assertEquals(19 * SECOND_NS, failBacks.onTime(18 * SECOND_NS));
        failBacks.onTime(19 * SECOND_NS);
        assertEquals(List.of("cancel web", "cancel web", "begin web 1.5"), said);
    }

    @Test
    void shouldNotBeginWithoutAPlanOrForAPoolThatIsGone() {
        shares(Optional.empty(), 0, backup);
        assertEquals(MemberState.NEVER, failBacks.onTime(99 * SECOND_NS));
        shares(PLAN, 100, backup);
        failBacks.onShares(Map.of(), 101 * SECOND_NS);
        assertEquals(MemberState.NEVER, failBacks.onTime(999 * SECOND_NS));
        assertEquals(Optional.empty(), failBacks.sharesOf("web"));
        assertEquals(3, said.stream().filter("cancel web"::equals).count());
        assertEquals(3, said.size());
    }

    private void shares(Optional<FailBack> plan, long atS, BackendLoad... spares) {
        Spares now = new Spares(IpPrefixMap.EMPTY, List.of(Set.of(spares)));
        failBacks.onShares(Map.of("web", new PoolShares(now, plan, false)), atS * SECOND_NS);
    }
}
