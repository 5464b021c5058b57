package io.penstock.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Example;

class LeastTimePolicyTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final Group group = Group.equals(2);
    private final Policy policy = group.policy(PolicyKind.LEAST_TIME);

    @Example
    void shouldPreferTheFasterUntilItHasAsManyTimesMoreConnections() {
        group.loads[0].responseTime().onSample(1_000, 0);
        group.loads[1].responseTime().onSample(4_000, 0);
        for (int i = 0; i < 5_000; i++) {
            assertTrue(group.loads[pickAt(0)].tryAcquire());
        }
        assertEquals(4_000, group.loads[0].open(), 20);
    }

    @Example
    void shouldTryTheSlowAgainWhenItHasRestedLongEnough() {
        group.loads[0].responseTime().onSample(1_000, 0);
        group.loads[1].responseTime().onSample(1_000_000, 0);
        assertEquals(0, pickAt(SECOND_NS));
        group.loads[0].responseTime().onSample(1_000, 100 * SECOND_NS);
        assertEquals(1, pickAt(100 * SECOND_NS));
    }

    /** Connections decide while one has no response time: the new one gets as many as the other, and not all. */
    @Example
    void shouldShareEvenlyWhenOneIsNew() {
        group.loads[0].responseTime().onSample(1_000, 0);
        for (int i = 0; i < 1_000; i++) {
            assertTrue(group.loads[pickAt(0)].tryAcquire());
        }
        assertEquals(500, group.loads[1].open(), 1);
    }

    @Example
    void shouldNotTakeQuickFailuresForSpeed() {
        group.loads[0].responseTime().onSample(1_000, 0);
        group.loads[1].responseTime().onSample(900, 0);
        group.loads[1].tryAcquire();
        group.loads[1].onConnectFailed();
        assertEquals(0, pickAt(0));
    }

    @Example
    void shouldFollowAPeakAtOnceAndForgetItSlowly() {
        ResponseTime time = new ResponseTime();
        assertEquals(0, time.averageNs(SECOND_NS));
        time.onSample(100, 0);
        time.onSample(1_000, 1);
        assertEquals(1_000, time.averageNs());
        time.onSample(100, 1 + ResponseTime.TIME_CONSTANT_NS);
        assertEquals(100 + 900 / Math.E, time.averageNs(), 0.01);
        assertEquals(time.averageNs() / Math.E, time.averageNs(1 + 2 * ResponseTime.TIME_CONSTANT_NS), 0.01);
        assertEquals(time.averageNs(), time.averageNs(0), "a worker whose clock was read earlier");
    }

    private int pickAt(long nowNs) {
        group.selection.begin(nowNs);
        return policy.pick(0, group.selection);
    }
}
