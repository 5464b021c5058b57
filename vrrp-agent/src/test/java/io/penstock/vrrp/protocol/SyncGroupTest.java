package io.penstock.vrrp.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.vrrp.protocol.Action.Tell;
import io.penstock.vrrp.protocol.SyncGroup.Follow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three routers of a group, carried out as an agent does it: each transition is told to the group, until nothing follows. */
class SyncGroupTest {
    /** More than any transitions that three routers can need. */
    private static final int MAX_STEPS = 20;

    private final Map<String, VirtualRouter> routers = new LinkedHashMap<>();
    private SyncGroup group;
    private long nowNs;
    private int steps;

    @BeforeEach
    void start() {
        for (String name : List.of("a", "b", "c")) {
            RouterSettings settings = new RouterSettings(
                    name, Version.V3, 1, Duration.ofSeconds(1), true, Duration.ZERO, true, RouterRig.VIPS);
            routers.put(name, new VirtualRouter(settings));
        }
        group = new SyncGroup("all", List.copyOf(routers.values()));
    }

    private void startAll() {
        routers.values().forEach(router -> carryOut(router.start(healthy(100), nowNs)));
    }

    private static Conditions healthy(int priority) {
        return new Conditions(priority, Optional.empty(), Optional.of(RouterRig.OWN));
    }

    private static Conditions faulty() {
        return new Conditions(100, Optional.of("eth0 is down"), Optional.of(RouterRig.OWN));
    }

    private void carryOut(List<Action> actions) {
        for (Action action : actions) {
            if (action instanceof Tell tell) {
                assertTrue(steps++ < MAX_STEPS, "they do not come to rest");
                for (Follow follow : group.onTransition(tell.transition())) {
                    carryOut(routers.get(follow.router()).follow(follow.state(), follow.reason(), nowNs));
                }
            }
        }
    }

    private void conditions(String name, Conditions conditions) {
        carryOut(routers.get(name).onConditions(conditions, nowNs));
    }

    private void deadline(String name) {
        carryOut(group.onDeadline(routers.get(name), nowNs));
    }

    private void hear(String name, int priority) {
        Advertisement heard = new Advertisement(Version.V3, 1, priority, Duration.ofSeconds(1), RouterRig.VIPS);
        carryOut(routers.get(name).onAdvertisement(heard, RouterRig.LOWER, nowNs));
    }

    private void assertStates(State a, State b, State c) {
        assertEquals(
                List.of(a, b, c),
                routers.values().stream().map(VirtualRouter::state).toList());
    }

    private void becomeActive() {
        startAll();
        nowNs = routers.get("b").deadlineNs();
        deadline("b");
        assertStates(State.ACTIVE, State.ACTIVE, State.ACTIVE);
    }

    @Test
    void shouldStartAsBackups() {
        startAll();
        assertStates(State.BACKUP, State.BACKUP, State.BACKUP);
    }

    @Test
    void shouldAllBecomeActiveWithTheFirst() {
        becomeActive();
        assertEquals("b of its group is active", routers.get("a").view().reason());
    }

    @Test
    void shouldStayBackupsWhileOneHearsAnActiveRouter() {
        startAll();
        nowNs = routers.get("a").deadlineNs() - 1;
        hear("c", 200);
        nowNs++;
        deadline("a");
        deadline("b");
        assertStates(State.BACKUP, State.BACKUP, State.BACKUP);
        assertEquals(Long.MAX_VALUE, routers.get("a").deadlineNs(), "it waits for c");

        nowNs = routers.get("c").deadlineNs();
        deadline("c");
        assertStates(State.ACTIVE, State.ACTIVE, State.ACTIVE);
    }

    @Test
    void shouldForgetThatItWasWillingWhenItHearsAnActiveRouter() {
        startAll();
        nowNs = routers.get("a").deadlineNs() - 1;
        hear("c", 200);
        nowNs++;
        deadline("a");
        deadline("b");
        hear("a", 200);
        nowNs = routers.get("c").deadlineNs();
        deadline("c");
        assertStates(State.BACKUP, State.BACKUP, State.BACKUP);
        nowNs = routers.get("a").deadlineNs();
        deadline("a");
        assertStates(State.ACTIVE, State.ACTIVE, State.ACTIVE);
    }

    @Test
    void shouldTakeOverFromLowerPriorityOnlyTogether() {
        startAll();
        nowNs = routers.get("a").deadlineNs() - 1;
        hear("a", 50);
        hear("b", 200);
        hear("c", 50);
        nowNs++;
        deadline("a");
        deadline("c");
        assertStates(State.BACKUP, State.BACKUP, State.BACKUP);
        hear("a", 50);
        hear("b", 50);
        nowNs = routers.get("b").deadlineNs();
        deadline("b");
        assertStates(State.ACTIVE, State.ACTIVE, State.ACTIVE);
    }

    @Test
    void shouldAllBecomeBackupsWithTheFirst() {
        becomeActive();
        hear("c", 200);
        assertStates(State.BACKUP, State.BACKUP, State.BACKUP);
        assertEquals("c of its group is no more active", routers.get("a").view().reason());
    }

    @Test
    void shouldShareAFaultUntilTheLastIsGone() {
        becomeActive();
        conditions("a", faulty());
        assertStates(State.FAULT, State.FAULT, State.FAULT);
        assertEquals("a of its group has a fault", routers.get("b").view().reason());
        conditions("c", faulty());
        conditions("a", healthy(100));
        assertStates(State.FAULT, State.FAULT, State.FAULT);
        conditions("c", healthy(100));
        assertStates(State.BACKUP, State.BACKUP, State.BACKUP);
    }

    @Test
    void shouldStartInAFaultWhenOneHasIt() {
        carryOut(routers.get("a").start(healthy(100), nowNs));
        carryOut(routers.get("b").start(faulty(), nowNs));
        carryOut(routers.get("c").start(healthy(100), nowNs));
        assertStates(State.FAULT, State.FAULT, State.FAULT);
        conditions("b", healthy(100));
        assertStates(State.BACKUP, State.BACKUP, State.BACKUP);
    }

    @Test
    void shouldEndAFaultWithTheRouterThatHadIt() {
        startAll();
        conditions("a", faulty());
        carryOut(routers.get("a").stop(nowNs));
        assertStates(State.INITIALIZE, State.BACKUP, State.BACKUP);
    }

    @Test
    void shouldBeActiveAtOnceInAnActiveGroup() {
        carryOut(routers.get("a").start(healthy(255), nowNs));
        carryOut(routers.get("b").start(healthy(100), nowNs));
        assertStates(State.ACTIVE, State.ACTIVE, State.INITIALIZE);
        assertEquals("its group is active", routers.get("b").view().reason());
    }

    @Test
    void shouldLeaveTheOthersAloneWhenOneStops() {
        becomeActive();
        carryOut(routers.get("a").stop(nowNs));
        assertStates(State.INITIALIZE, State.ACTIVE, State.ACTIVE);
    }

    @Test
    void shouldStayBackupsWhenHandedOver() {
        becomeActive();
        routers.values().forEach(router -> carryOut(router.handOver(Duration.ofSeconds(10), nowNs)));
        assertStates(State.BACKUP, State.BACKUP, State.BACKUP);
    }

    @Test
    void shouldSayNothingAboutAnotherGroupsRouters() {
        becomeActive();
        assertEquals(
                List.of(), group.onTransition(new Transition("x", State.BACKUP, State.FAULT, "eth0 is down", nowNs)));
    }
}
