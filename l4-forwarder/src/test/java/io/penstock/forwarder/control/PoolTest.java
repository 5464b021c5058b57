package io.penstock.forwarder.control;

import static io.penstock.forwarder.control.Members.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.balance.Selection;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.Place;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.PoolConfig.Adaptive;
import io.penstock.forwarder.config.PoolConfig.Balance;
import io.penstock.forwarder.config.PoolConfig.CircuitBreaker;
import io.penstock.forwarder.config.PoolConfig.Limits;
import io.penstock.forwarder.config.PoolConfig.Locality;
import io.penstock.forwarder.config.PoolConfig.Return;
import io.penstock.forwarder.config.PoolConfig.SlowStart;
import io.penstock.forwarder.config.PoolConfig.SlowStart.Curve;
import io.penstock.forwarder.control.MemberState.Status;
import io.penstock.forwarder.table.Backend;
import io.penstock.health.AgentReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What workers see of a pool after what happens to its members. */
class PoolTest {
    private static final Place HERE = new Place("eu", "a");
    private static final Place NEAR = new Place("eu", "b");
    private static final Place FAR = new Place("us", "a");

    @Test
    void shouldPreferTheNearestAndSpillOverByProportion() {
        Members four = placed(Locality.DEFAULT, HERE, HERE, NEAR, FAR);
        assertEquals(Map.of("b0", 50, "b1", 50), shares(four, 0));
        four.pool.onCheck(four.member(0), false, "refused", 0);
        // Half of what is here is up: 70 % of the connections stay.
        assertEquals(Map.of("b1", 70, "b2", 30), shares(four, 0));
        four.pool.onCheck(four.member(1), false, "refused", 0);
        assertEquals(Map.of("b2", 100), shares(four, 0));
        four.pool.onCheck(four.member(2), false, "refused", 0);
        assertEquals(Map.of("b3", 100), shares(four, 0));
    }

    @Test
    void shouldGoByThePlaceOfTheClient() {
        Members four = placed(Locality.DEFAULT, HERE, HERE, NEAR, FAR);
        assertEquals(Map.of("b3", 100), shares(four, 1), "a client from afar");
        assertEquals(Map.of("b2", 100), shares(four, 2));
    }

    @Test
    void shouldUseBackupsOnlyForWhatOthersCannotTake() {
        Members three = Members.of(config(
                Locality.DEFAULT,
                Return.AT_ONCE,
                backend("b0", Optional.empty(), 0, BackendConfig.State.READY),
                backend("b1", Optional.empty(), 0, BackendConfig.State.READY),
                backend("backup", Optional.empty(), 1, BackendConfig.State.READY)));
        assertEquals(Map.of("b0", 50, "b1", 50), shares(three, 0));
        three.pool.onCheck(three.member(0), false, "refused", 0);
        three.pool.onCheck(three.member(1), false, "refused", 0);
        assertEquals(Map.of("backup", 100), shares(three, 0));
    }

    /** What was taken out on purpose is no loss: the rest of its level is all there is, and whole. */
    @Test
    void shouldUseNoBackupWhenOthersWereTakenOutOnPurpose() {
        Members three = Members.of(config(
                Locality.DEFAULT,
                Return.AT_ONCE,
                backend("b0", Optional.empty(), 0, BackendConfig.State.READY),
                backend("drained", Optional.empty(), 0, BackendConfig.State.DRAIN),
                backend("backup", Optional.empty(), 1, BackendConfig.State.READY)));
        assertEquals(Map.of("b0", 100), shares(three, 0));
        three.pool.onAgent(three.member(0), agent(OptionalInt.of(0), OptionalInt.empty()), 0);
        assertEquals(Map.of("backup", 100), shares(three, 0), "all were taken out");
        three.pool.onAgent(three.member(0), agent(OptionalInt.of(100), OptionalInt.empty()), 0);
        three.pool.onCheck(three.member(0), false, "refused", 0);
        assertEquals(Map.of("backup", 100), shares(three, 0), "none is healthy");
    }

    @Test
    void shouldTakeNoNewConnectionsInDrainAndMaintenance() {
        Members three = Members.of(config(
                Locality.DEFAULT,
                Return.AT_ONCE,
                backend("b0", Optional.empty(), 0, BackendConfig.State.READY),
                backend("drained", Optional.empty(), 0, BackendConfig.State.DRAIN),
                backend("maintained", Optional.empty(), 0, BackendConfig.State.MAINTENANCE)));
        assertEquals(Map.of("b0", 100), shares(three, 0));
        assertEquals(3, three.pool.size());
    }

    @Test
    void shouldIgnoreHealthInAPanicButNotTheOperator() {
        Members five = Members.of(config(
                new Locality(140, 50),
                Return.AT_ONCE,
                backend("b0", Optional.empty(), 0, BackendConfig.State.READY),
                backend("b1", Optional.empty(), 0, BackendConfig.State.READY),
                backend("b2", Optional.empty(), 0, BackendConfig.State.READY),
                backend("b3", Optional.empty(), 0, BackendConfig.State.READY),
                backend("drained", Optional.empty(), 0, BackendConfig.State.DRAIN)));
        five.pool.onCheck(five.member(0), false, "refused", 0);
        five.pool.onCheck(five.member(1), false, "refused", 0);
        assertEquals(Map.of("b2", 50, "b3", 50), shares(five, 0), "half is up, which is enough");
        five.pool.onCheck(five.member(2), false, "refused", 0);
        assertEquals(Map.of("b0", 25, "b1", 25, "b2", 25, "b3", 25), shares(five, 0));
        five.pool.onCheck(five.member(3), false, "refused", 0);
        assertEquals(4, five.pool.current().size(), "none is up");
        five.pool.onCheck(five.member(2), true, "connected", 0);
        five.pool.onCheck(five.member(3), true, "connected", 0);
        assertEquals(Map.of("b2", 50, "b3", 50), shares(five, 0));
    }

    @Test
    void shouldTellLoadsWhoIsLostButNotInAPanic() {
        Members three = Members.of(config(
                new Locality(140, 50),
                Return.AT_ONCE,
                backend("b0", Optional.empty(), 0, BackendConfig.State.READY),
                backend("b1", Optional.empty(), 0, BackendConfig.State.READY),
                backend("b2", Optional.empty(), 0, BackendConfig.State.READY)));
        three.pool.onCheck(three.member(0), false, "refused", 5);
        publish(three);
        assertEquals(List.of(5L, BackendLoad.NOT_LOST, BackendLoad.NOT_LOST), lostSince(three));
        three.pool.onCheck(three.member(1), false, "refused", 6);
        publish(three);
        assertEquals(Collections.nCopies(3, BackendLoad.NOT_LOST), lostSince(three), "clients are sent to all");
        three.pool.onCheck(three.member(1), true, "connected", 7);
        publish(three);
        assertEquals(List.of(5L, BackendLoad.NOT_LOST, BackendLoad.NOT_LOST), lostSince(three));
    }

    /** Whoever leaves chooses by the table, and whom the table has must not be left again. */
    @Test
    void shouldTellOfTheFoundBeforeTheTableAndOfTheLostAfterIt() {
        Members two = Members.of(
                config(Locality.DEFAULT, Return.AT_ONCE, Members.backends(2).toArray(new BackendConfig[0])));
        two.pool.onCheck(two.member(0), false, "refused", 5);
        publish(two);
        two.pool.onCheck(two.member(0), true, "connected", 6);
        two.pool.onCheck(two.member(1), false, "refused", 6);
        two.pool.current();
        two.pool.tellFound();
        assertEquals(Collections.nCopies(2, BackendLoad.NOT_LOST), lostSince(two));
        two.pool.tellLost();
        assertEquals(List.of(BackendLoad.NOT_LOST, 6L), lostSince(two));
    }

    /** In the table it is as it was, so nothing but this brings the next one. */
    @Test
    void shouldMakeATableWhenOneThatIsDrainedIsLost() {
        Members two = Members.of(config(
                Locality.DEFAULT,
                Return.AT_ONCE,
                backend("b0", Optional.empty(), 0, BackendConfig.State.READY),
                backend("drained", Optional.empty(), 0, BackendConfig.State.DRAIN)));
        publish(two);
        assertTrue(two.pool.onCheck(two.member(1), false, "refused", 5));
        assertTrue(two.pool.isEligibilityOutOfDate());
        publish(two);
        assertEquals(List.of(BackendLoad.NOT_LOST, 5L), lostSince(two));
    }

    private static void publish(Members members) {
        members.pool.current();
        members.pool.tellFound();
        members.pool.tellLost();
    }

    private static List<Long> lostSince(Members members) {
        return members.pool.members().stream()
                .map(member -> member.load().lostSinceNs())
                .toList();
    }

    @Test
    void shouldNeverPanicUnlessConfigured() {
        Members two = Members.of(
                config(Locality.DEFAULT, Return.AT_ONCE, Members.backends(2).toArray(new BackendConfig[0])));
        two.pool.onCheck(two.member(0), false, "refused", 0);
        two.pool.onCheck(two.member(1), false, "refused", 0);
        assertEquals(0, two.pool.current().size());
    }

    @Test
    void shouldRaiseTheShareOfOneThatReturnsInAFewTables() {
        Return slowly = new Return(Optional.of(new SlowStart(Duration.ofSeconds(20), Curve.LINEAR)), Optional.empty());
        Members two =
                Members.of(config(Locality.DEFAULT, slowly, Members.backends(2).toArray(new BackendConfig[0])));
        assertEquals(Map.of("b0", 50, "b1", 50), shares(two, 0), "not when the process starts");
        two.pool.onCheck(two.member(0), false, "refused", 0);
        two.pool.onCheck(two.member(0), true, "connected", 0);
        assertEquals(5, shares(two, 0).get("b0"));
        int before = 0;
        int tables = 0;
        while (two.pool.deadlineNs() != MemberState.NEVER) {
            assertTrue(two.advanceTo(two.pool.deadlineNs()), "each step is a table");
            tables++;
            int share = shares(two, 0).get("b0");
            assertTrue(share >= before, share + " after " + before);
            before = share;
        }
        assertEquals(20, tables);
        assertEquals(50, before);
    }

    @Test
    void shouldLetTrialsThroughWhenABreakerIsHalfOpen() {
        CircuitBreaker breaker =
                new CircuitBreaker(Duration.ofSeconds(10), 20, 50, 0, Duration.ofSeconds(1), Duration.ofSeconds(5), 3);
        Members two = Members.of(Members.config(
                Locality.DEFAULT,
                Optional.empty(),
                Optional.of(breaker),
                Return.AT_ONCE,
                Limits.NONE,
                Members.backends(2)));
        two.fail(0, 20);
        two.advanceTo(SECOND);
        assertEquals(Status.OPEN, two.status(0));
        assertEquals(Map.of("b1", 100), shares(two, 0));
        two.advanceTo(6 * SECOND);
        assertEquals(Status.TRIAL, two.status(0));
        assertEquals(Map.of("b0", 50, "b1", 50), shares(two, 0));
        two.connect(0, 100, 1_000_000);
        assertEquals(3, two.member(0).load().connects(), "the others were refused");
        two.advanceTo(7 * SECOND);
        assertEquals(Status.UP, two.status(0));
    }

    @Test
    void shouldObeyAgents() {
        Members two = Members.of(Members.config(
                Locality.DEFAULT,
                Optional.empty(),
                Optional.empty(),
                Return.AT_ONCE,
                new Limits(3, 0, 0, Duration.ofSeconds(5)),
                Members.backends(2)));
        two.pool.onAgent(two.member(0), agent(OptionalInt.of(25), OptionalInt.of(2)), 0);
        assertEquals(Map.of("b0", 20, "b1", 80), shares(two, 0));
        assertEquals(2, places(two.member(0)), "the agent's");
        assertEquals(3, places(two.member(1)), "the pool's");
        two.pool.onAgent(two.member(1), agent(OptionalInt.empty(), OptionalInt.of(100)), 0);
        assertEquals(3, places(two.member(1)), "the lesser");
        two.pool.onAgent(two.member(0), agent(OptionalInt.of(0), OptionalInt.empty()), 0);
        assertEquals(Status.DRAINING, two.status(0));
        assertEquals(Map.of("b1", 100), shares(two, 0));
    }

    @Test
    void shouldSayThatNothingChangedWhenNothingDid() {
        Members two = Members.of(
                config(Locality.DEFAULT, Return.AT_ONCE, Members.backends(2).toArray(new BackendConfig[0])));
        assertFalse(two.pool.onCheck(two.member(0), true, "connected", 0));
        assertFalse(two.pool.onAgent(two.member(0), agent(OptionalInt.of(100), OptionalInt.empty()), 0));
        assertFalse(two.pool.onTime(SECOND));
    }

    /** Those who wait in the queue look for a place when there is a new table. */
    @Test
    void shouldMakeATableWhenAnAgentChangesALimit() {
        Members two = Members.of(
                config(Locality.DEFAULT, Return.AT_ONCE, Members.backends(2).toArray(new BackendConfig[0])));
        for (int limit : new int[] {7, 8, 6}) {
            AgentReport report = agent(OptionalInt.empty(), OptionalInt.of(limit));
            assertTrue(two.pool.onAgent(two.member(0), report, 0));
            assertFalse(two.pool.onAgent(two.member(0), report, 0), "said again");
        }
    }

    @Test
    void shouldTellChangesOfEligibilityFromThoseOfWeights() {
        Members two = Members.of(
                config(Locality.DEFAULT, Return.AT_ONCE, Members.backends(2).toArray(new BackendConfig[0])));
        two.pool.current();
        assertFalse(two.pool.isEligibilityOutOfDate());
        assertTrue(two.pool.onAgent(two.member(0), agent(OptionalInt.of(50), OptionalInt.empty()), 0));
        assertFalse(two.pool.isEligibilityOutOfDate());
        assertTrue(two.pool.onCheck(two.member(1), false, "refused", 0));
        assertTrue(two.pool.isEligibilityOutOfDate());
        assertEquals(Map.of("b0", 100), shares(two, 0), "with the weight that waited");
        assertFalse(two.pool.isEligibilityOutOfDate());
        two.pool.onAgent(two.member(1), agent(OptionalInt.of(0), OptionalInt.empty()), 0);
        assertTrue(two.pool.isEligibilityOutOfDate(), "whom a panic would use");
    }

    /** How many connections it takes before it refuses one; all end again. */
    private static int places(Member member) {
        int places = 0;
        while (places < 1_000 && member.load().tryAcquire()) {
            places++;
        }
        for (int i = 0; i < places; i++) {
            member.load().onAbandoned();
        }
        return places;
    }

    /** Whole percents of clients' connections by backend; those without any are not in it. */
    /** The members are those that are configured, so nothing is rescaled, though 17 equal ones would not fit as 16 do. */
    @Test
    void shouldMoveNobodyElseWhenOneFailsAndTheRingHashes() {
        PoolConfig plain =
                config(Locality.DEFAULT, Return.AT_ONCE, Members.backends(17).toArray(new BackendConfig[0]));
        PolicySpec ring = new PolicySpec(
                PolicyKind.RING_HASH,
                PolicySpec.DEFAULT_TABLE_SIZE,
                PolicySpec.DEFAULT_RING_SIZE,
                PolicySpec.UNBOUNDED);
        Members members = Members.of(new PoolConfig(
                plain.name(),
                new Balance(ring, HashInput.FLOW, Adaptive.DEFAULT),
                plain.affinity(),
                plain.locality(),
                plain.health(),
                plain.agent(),
                plain.outlierEjection(),
                plain.circuitBreaker(),
                plain.comeback(),
                plain.limits(),
                plain.failBack(),
                plain.outgoing(),
                plain.resolveInterval(),
                plain.backends()));
        List<String> before = picks(members);
        members.pool.onCheck(members.member(3), false, "refused", 0);
        List<String> after = picks(members);
        for (int flow = 0; flow < before.size(); flow++) {
            assertTrue(before.get(flow).equals("b3") || before.get(flow).equals(after.get(flow)), "flow " + flow);
        }
        assertTrue(before.contains("b3"));
        assertFalse(after.contains("b3"));
    }

    private static List<String> picks(Members members) {
        Random random = new Random(7);
        Selection selection = new Selection(1);
        List<String> picks = new ArrayList<>();
        for (int flow = 0; flow < 20_000; flow++) {
            selection.begin(0);
            picks.add(members.pool
                    .current()
                    .select(random.nextLong(), 0, selection)
                    .id());
        }
        return picks;
    }

    private static Map<String, Integer> shares(Members members, int clientZone) {
        int flows = 200_000;
        Random random = new Random(7);
        Selection selection = new Selection(1);
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < flows; i++) {
            selection.begin(0);
            Backend backend = members.pool.current().select(random.nextLong(), clientZone, selection);
            counts.merge(backend.id(), 1, Integer::sum);
        }
        counts.replaceAll((id, count) -> Math.round(count * 100f / flows));
        return counts;
    }

    private static Members placed(Locality locality, Place... places) {
        BackendConfig[] backends = new BackendConfig[places.length];
        for (int i = 0; i < places.length; i++) {
            backends[i] = backend("b" + i, Optional.of(places[i]), 0, BackendConfig.State.READY);
        }
        return Members.of(
                config(locality, Return.AT_ONCE, backends),
                Optional.of(HERE),
                List.of(Optional.of(HERE), Optional.of(FAR), Optional.of(NEAR)));
    }

    private static BackendConfig backend(String id, Optional<Place> place, int priority, BackendConfig.State state) {
        return new BackendConfig(
                id, "10.0.0." + (1 + Math.floorMod(id.hashCode(), 200)), 80, 1, place, priority, state, 0);
    }

    private static PoolConfig config(Locality locality, Return comeback, BackendConfig... backends) {
        return Members.config(locality, Optional.empty(), Optional.empty(), comeback, Limits.NONE, List.of(backends));
    }

    private static AgentReport agent(OptionalInt percent, OptionalInt maxConnections) {
        return new AgentReport(percent, Optional.empty(), Optional.empty(), maxConnections, "");
    }
}
