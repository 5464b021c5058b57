package io.penstock.forwarder.control;

import static io.penstock.forwarder.control.Members.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.Place;
import io.penstock.forwarder.config.PoolConfig.Limits;
import io.penstock.forwarder.config.PoolConfig.Locality;
import io.penstock.forwarder.config.PoolConfig.OutlierEjection;
import io.penstock.forwarder.config.PoolConfig.Return;
import io.penstock.forwarder.control.MemberState.Status;
import io.penstock.forwarder.control.Transition.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Members with loads that the test writes, at a time that it moves. */
class OutlierDetectorTest {
    private static final long MS = 1_000_000;

    @Test
    void shouldEjectAfterFailuresInARowAtOnce() {
        Members four = members(4, 50);
        four.fail(1, 4);
        four.connect(1, 1, MS);
        four.fail(1, 4);
        assertEquals(Status.UP, four.status(1), "a success between");
        four.fail(1, 1);
        assertEquals(Status.EJECTED, four.status(1));
        Transition transition = four.transitions.all().get(0);
        assertEquals(Reason.CONNECT_FAILURES, transition.reason());
        assertEquals("5 connects in a row failed, for 30000 ms", transition.evidence());
        assertEquals(3, four.pool.current().size());
    }

    @Test
    void shouldEjectAfterResetsInARow() {
        Members four = members(4, 50);
        for (int i = 0; i < 5; i++) {
            four.member(2).load().tryAcquire();
            four.member(2).load().onConnected(0, 0);
            four.member(2).load().onEarlyReset();
        }
        four.handleAlarms();
        assertEquals(Status.EJECTED, four.status(2));
        assertEquals(1, four.transitions.count(Reason.EARLY_RESETS));
    }

    @Test
    void shouldReturnAfterATimeThatGrowsWithRepeats() {
        Members four = members(4, 50);
        for (int n = 1; n <= 3; n++) {
            four.fail(0, 5);
            assertEquals(Status.EJECTED, four.status(0));
            // Those that were under way when it was ejected are no part of the next row.
            four.fail(0, 7);
            long untilNs = four.nowNs + n * 30L * SECOND;
            four.advanceTo(untilNs - 1);
            assertEquals(Status.EJECTED, four.status(0));
            four.advanceTo(untilNs);
            assertEquals(Status.UP, four.status(0));
            four.fail(0, 4);
            assertEquals(Status.UP, four.status(0));
        }
        assertEquals(3, four.transitions.count(Reason.EJECTION_OVER));
    }

    @Test
    void shouldEjectNoMoreThanItsShare() {
        Members eight = members(8, 30);
        for (int i = 0; i < 8; i++) {
            eight.fail(i, 5);
        }
        assertEquals(2, eight.transitions.count(Status.EJECTED), "30 % of 8");
        // When one is back there is room for another, whose failures go on.
        eight.advanceTo(31 * SECOND);
        eight.fail(5, 5);
        assertEquals(Status.EJECTED, eight.status(5));
    }

    @Test
    void shouldEjectOneOfTwoAndNeverTheLast() {
        Members two = members(2, 10);
        two.fail(0, 5);
        assertEquals(Status.EJECTED, two.status(0), "one may always go");
        two.fail(1, 500);
        assertEquals(Status.UP, two.status(1));
        Members one = members(1, 100);
        one.fail(0, 500);
        assertEquals(Status.UP, one.status(0));
        Members lastUp = members(3, 100);
        lastUp.pool.onCheck(lastUp.member(0), false, "refused", 0);
        lastUp.pool.onCheck(lastUp.member(1), false, "refused", 0);
        lastUp.fail(2, 500);
        assertEquals(Status.UP, lastUp.status(2), "the others are down");
    }

    @Test
    void shouldIgnoreAlarmsOfMembersThatAreOutOrGone() {
        Members four = members(4, 100);
        four.pool.onCheck(four.member(0), false, "refused", 0);
        four.fail(0, 5);
        assertEquals(Status.DOWN, four.status(0));
        four.pool.onCheck(four.member(0), true, "connected", SECOND);
        assertEquals(Status.UP, four.status(0));
        Members other = members(4, 100);
        for (int i = 0; i < 5; i++) {
            other.member(0).load().tryAcquire();
            other.member(0).load().onConnectFailed();
        }
        assertFalse(four.pool.onAlarm(other.member(0), 0));
    }

    @Test
    void shouldEjectTheSlowOneOfThreeAfterTwoIntervals() {
        Members three = members(3, 50);
        interval(three, 40 * MS, 10 * MS, 11 * MS);
        assertEquals(Status.UP, three.status(0));
        interval(three, 40 * MS, 10 * MS, 11 * MS);
        assertEquals(Status.EJECTED, three.status(0));
        assertEquals(
                "mean response 40.0 ms over 100 connections, score 11.2 against 2 others, for 30000 ms",
                three.transitions.all().get(0).evidence());
    }

    @Test
    void shouldForgiveAPauseOfOneInterval() {
        Members three = members(3, 50);
        for (int i = 0; i < 10; i++) {
            interval(three, i % 2 == 0 ? 40 * MS : 10 * MS, 10 * MS, 11 * MS);
        }
        assertEquals(0, three.transitions.all().size());
    }

    @Test
    void shouldNotJudgeByFewConnections() {
        Members three = members(3, 50);
        for (int i = 0; i < 10; i++) {
            three.connect(0, 19, 40 * MS);
            three.connect(1, 100, 10 * MS);
            three.connect(2, 100, 10 * MS);
            three.advanceTo(three.nowNs + 10 * SECOND);
        }
        assertEquals(0, three.transitions.all().size());
    }

    /** As sessions of UDP, where silence is no answer that came quickly. */
    @Test
    void shouldNotBlameTheOneThatAnswersAmongThoseThatSayNothing() {
        Members four = members(4, 50);
        for (int i = 0; i < 3; i++) {
            for (int member = 0; member < 4; member++) {
                open(four.member(member), 100);
            }
            four.connect(3, 100, 40 * MS);
            // Too few of the others to tell how fast they are.
            four.connect(1, 1, MS);
            four.connect(2, 19, MS);
            four.advanceTo(four.nowNs + 10 * SECOND);
        }
        assertEquals(0, four.transitions.all().size());
    }

    private static void open(Member member, int sessions) {
        for (int i = 0; i < sessions; i++) {
            assertTrue(member.load().tryAcquire());
            member.load().onConnected(0, 0);
            member.load().release();
        }
    }

    @Test
    void shouldEjectTheSlowestFirstWithinTheShare() {
        Members eight = members(8, 13);
        for (int i = 0; i < 2; i++) {
            interval(eight, 10 * MS, 10 * MS, 40 * MS, 10 * MS, 80 * MS, 10 * MS, 10 * MS, 10 * MS);
        }
        assertEquals(Status.EJECTED, eight.status(4));
        assertEquals(Status.UP, eight.status(2));
    }

    /** What is far away takes longer, and is well. */
    @Test
    void shouldCompareMembersOfOnePlaceOnly() {
        List<BackendConfig> backends = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Optional<Place> place = Optional.of(new Place(i < 3 ? "eu" : "us", "a"));
            backends.add(
                    new BackendConfig("b" + i, "10.0.0." + (i + 1), 80, 1, place, 0, BackendConfig.State.READY, 0));
        }
        Members six = Members.of(Members.config(
                Locality.DEFAULT, Optional.of(ejection(100)), Optional.empty(), Return.AT_ONCE, Limits.NONE, backends));
        for (int i = 0; i < 2; i++) {
            interval(six, 10 * MS, 10 * MS, 40 * MS, 90 * MS, 91 * MS, 92 * MS);
        }
        assertEquals(List.of(six.member(2).id()), six.transitions.members());
    }

    @Test
    void shouldNotWakeForIntervalsWhenLatencyIsNotCompared() {
        OutlierEjection consecutive =
                new OutlierEjection(5, 0, 0, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(5), 50);
        Members two = Members.of(Members.config(
                Locality.DEFAULT,
                Optional.of(consecutive),
                Optional.empty(),
                Return.AT_ONCE,
                Limits.NONE,
                Members.backends(2)));
        assertEquals(MemberState.NEVER, two.pool.deadlineNs());
        two.fail(0, 5);
        assertEquals(30 * SECOND, two.pool.deadlineNs());
        assertTrue(two.advanceTo(30 * SECOND));
        assertEquals(MemberState.NEVER, two.pool.deadlineNs());
    }

    /** Each member has 100 connections with its response time, and the interval ends. */
    private static void interval(Members members, long... responseNs) {
        for (int i = 0; i < responseNs.length; i++) {
            members.connect(i, 100, responseNs[i]);
        }
        members.advanceTo(members.nowNs + 10 * SECOND);
    }

    private static Members members(int count, int maxEjectedPercent) {
        return Members.of(Members.config(
                Locality.DEFAULT,
                Optional.of(ejection(maxEjectedPercent)),
                Optional.empty(),
                Return.AT_ONCE,
                Limits.NONE,
                Members.backends(count)));
    }

    private static OutlierEjection ejection(int maxEjectedPercent) {
        return new OutlierEjection(
                5, 5, 30, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(5), maxEjectedPercent);
    }
}
