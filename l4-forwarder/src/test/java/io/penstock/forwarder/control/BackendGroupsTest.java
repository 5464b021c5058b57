package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.balance.RingScale;
import io.penstock.forwarder.balance.Watchers;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendGroup;
import io.penstock.forwarder.table.SourcePorts;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendGroupsTest {
    private static final RingScale SCALE = new RingScale(1);

    private final BackendGroups groups = new BackendGroups(PolicySpec.maglev(3), new FlowHash(1, 2));
    private final BackendLoad load = new BackendLoad();
    private final SourcePorts ports = SourcePorts.ofKernel();

    @Test
    void shouldKeepAGroupWhileItsMembersAndWeightsStay() {
        BackendGroup group = groups.of(SCALE, List.of(backend("a", 100), backend("b", 100)));
        assertSame(group, groups.of(SCALE, List.of(backend("a", 100), backend("b", 100))), "for another zone");
        groups.onMade();
        assertSame(group, groups.of(SCALE, List.of(backend("a", 100), backend("b", 100))), "in the next table");
        assertNotSame(group, groups.of(SCALE, List.of(backend("a", 100), backend("b", 99))));
        assertNotSame(group, groups.of(SCALE, List.of(backend("a", 100))));
    }

    @Test
    void shouldMakeAGroupAnewWhenTheScaleChanges() {
        BackendGroup group = groups.of(SCALE, List.of(backend("a", 100)));
        groups.onMade();
        assertNotSame(group, groups.of(new RingScale(2), List.of(backend("a", 100))));
    }

    @Test
    void shouldForgetWhatATableDidNotUse() {
        BackendGroup group = groups.of(SCALE, List.of(backend("a", 100)));
        groups.onMade();
        groups.onMade();
        assertNotSame(group, groups.of(SCALE, List.of(backend("a", 100))));
    }

    @Test
    void shouldTakeTheFirstByIdWhenThereAreTooMany() {
        BackendGroup group =
                groups.of(SCALE, List.of(backend("d", 1), backend("b", 1), backend("a", 1), backend("c", 1)));
        assertEquals(3, group.size());
        assertSame(group, groups.of(SCALE, List.of(backend("a", 1), backend("b", 1), backend("c", 1))));
    }

    /** A table with a group of its own each time, and one of another zone that stays. */
    @Test
    void shouldLeaveNoAccountsBehindWhenTablesFollowEachOther() {
        PolicySpec leastConnections = new PolicySpec(PolicyKind.LEAST_CONNECTIONS, 3, 1024, PolicySpec.UNBOUNDED);
        BackendGroups counting = new BackendGroups(leastConnections, new FlowHash(1, 2));
        BackendGroup staying = counting.of(SCALE, List.of(backend("a", 100)));
        for (int table = 1; table <= 1000; table++) {
            assertSame(staying, counting.of(SCALE, List.of(backend("a", 100))));
            counting.of(SCALE, List.of(backend("a", table), backend("b", 7)));
            counting.onMade();
            assertEquals(3, Watchers.count(load), "of the group that stays, and twice of the other");
        }
        counting.onMade();
        assertEquals(0, Watchers.count(load));
    }

    private Backend backend(String id, int weight) {
        IpAddress address = IpAddress.parse("10.0.0.1").orElseThrow();
        return new Backend("pool", id, address, 80, weight, load, Backend.NO_SERIAL, ports);
    }
}
