package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.control.CircuitBreaker.Change;
import io.penstock.forwarder.control.CircuitBreaker.State;
import io.penstock.forwarder.control.Transition.Reason;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One breaker, looked at every 100 ms of a clock that only the test moves. */
class CircuitBreakerTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    private static final long FAST_NS = MS;
    private static final long SLOW_NS = 600 * MS;

    private final BackendLoad load = new BackendLoad();
    private long nowNs;
    private CircuitBreaker breaker = breaker(50, 0);

    @Test
    void shouldStayClosedWhileFewerFailThanTheThreshold() {
        for (int i = 0; i < 100; i++) {
            connect(FAST_NS);
            connect(FAST_NS);
            fail();
            assertEquals(Optional.empty(), look());
        }
        assertEquals(State.CLOSED, breaker.state());
    }

    @Test
    void shouldStayClosedWhileThereAreFewConnections() {
        fail(19);
        assertEquals(Optional.empty(), look());
        fail(1);
        assertEquals(
                new Change(State.OPEN, Reason.FAILURE_RATE, "20 of 20 connections failed within 10000 ms"),
                look().orElseThrow());
    }

    @Test
    void shouldCountResetsBeforeTheFirstByteAsFailures() {
        for (int i = 0; i < 20; i++) {
            connect(FAST_NS);
            load.onEarlyReset();
        }
        assertEquals(Reason.FAILURE_RATE, look().orElseThrow().reason());
    }

    /** What is older than the window, by a tenth at most, does not count. */
    @Test
    void shouldForgetWhatIsOlderThanTheWindow() {
        fail(19);
        for (int i = 0; i < 112; i++) {
            assertEquals(Optional.empty(), look());
        }
        fail(19);
        assertEquals(Optional.empty(), look());
        fail(1);
        assertTrue(look().isPresent());
    }

    @Test
    void shouldOpenWhenConnectsAreSlow() {
        breaker = breaker(0, 80);
        for (int i = 0; i < 40; i++) {
            connect(i % 5 == 0 ? FAST_NS : SLOW_NS);
        }
        assertEquals(
                new Change(State.OPEN, Reason.SLOW_RATE, "80 % took 500 ms or more within 10000 ms"),
                look().orElseThrow());
    }

    /** Connects are the kernel's work, and quick at a server that is stuck. */
    @Test
    void shouldOpenWhenFirstBytesAreSlowAlthoughConnectsAreNot() {
        breaker = breaker(0, 80);
        for (int i = 0; i < 20; i++) {
            connect(FAST_NS);
            load.onFirstByte(SLOW_NS, nowNs);
        }
        assertEquals(Reason.SLOW_RATE, look().orElseThrow().reason());
    }

    @Test
    void shouldNotLookAtFailuresWhenTold() {
        breaker = breaker(0, 80);
        fail(100);
        assertEquals(Optional.empty(), look());
    }

    @Test
    void shouldCloseWhenAllTrialsSucceed() {
        open();
        assertEquals(State.HALF_OPEN, halfOpen().state());
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.empty(), look());
            connect(FAST_NS);
            load.onFirstByte(FAST_NS, nowNs);
        }
        assertFalse(load.tryAcquire(), "three are let through");
        assertEquals(new Change(State.CLOSED, Reason.TRIAL_PASSED, "3 trials succeeded"), look().orElseThrow());
        assertTrue(load.tryAcquire(), "no more trials");
        assertEquals(Optional.empty(), look(), "what failed before is forgotten");
    }

    /** A server that resets what it has accepted does so after the connect. */
    @Test
    void shouldWaitForTheFirstByteOfTrialsBeforeItCloses() {
        open();
        halfOpen();
        connect(FAST_NS);
        connect(FAST_NS);
        connect(FAST_NS);
        for (int i = 0; i < 4; i++) {
            assertEquals(Optional.empty(), look());
        }
        load.onEarlyReset();
        assertEquals(Reason.TRIAL_FAILED, look().orElseThrow().reason());
    }

    /** The client may be the one that is silent. */
    @Test
    void shouldCloseWithoutAFirstByteAfterAWhile() {
        open();
        halfOpen();
        connect(FAST_NS);
        connect(FAST_NS);
        connect(FAST_NS);
        Optional<Change> change = Optional.empty();
        int looks = 0;
        while (change.isEmpty()) {
            change = look();
            looks++;
        }
        assertEquals(State.CLOSED, change.get().state());
        assertTrue(looks >= 5 && looks <= 7, looks + " looks of 100 ms; slow is from 500 ms on");
    }

    @Test
    void shouldOpenForLongerEachTimeATrialFailsUpToABound() {
        open();
        long[] expectedS = {5, 10, 20, 40, 40, 40};
        for (long openS : expectedS) {
            assertEquals(nowNs + openS * SECOND, breaker.deadlineNs());
            halfOpen();
            fail();
            Change change = look().orElseThrow();
            assertEquals(new Change(State.OPEN, Reason.TRIAL_FAILED, "a trial failed"), change);
        }
        halfOpen();
        for (int i = 0; i < 3; i++) {
            connect(FAST_NS);
            load.onFirstByte(FAST_NS, nowNs);
        }
        assertEquals(State.CLOSED, look().orElseThrow().state());
        open();
        assertEquals(nowNs + 5 * SECOND, breaker.deadlineNs(), "after it was closed, as at first");
    }

    @Test
    void shouldFailATrialThatIsSlowOnlyWhenItLooksAtSlowOnes() {
        breaker = breaker(50, 80);
        open();
        halfOpen();
        connect(SLOW_NS);
        assertEquals(new Change(State.OPEN, Reason.TRIAL_FAILED, "a trial was slow"), look().orElseThrow());
        breaker = breaker(50, 0);
        open();
        halfOpen();
        connect(SLOW_NS);
        assertEquals(Optional.empty(), look());
    }

    @Test
    void shouldLetOthersTryWhenTrialsCameToNothing() {
        open();
        halfOpen();
        for (int i = 0; i < 10; i++) {
            assertTrue(load.tryAcquire());
            load.onAbandoned();
        }
        for (int i = 0; i < 3; i++) {
            assertTrue(load.tryAcquire());
        }
        assertFalse(load.tryAcquire());
    }

    @Test
    void shouldStayOpenUntilItsTimeIsOver() {
        open();
        long untilNs = breaker.deadlineNs();
        assertEquals(Optional.empty(), breaker.onTime(untilNs - 1));
        assertEquals(
                new Change(State.HALF_OPEN, Reason.OPEN_TIME_OVER, "open for 5000 ms"),
                breaker.onTime(untilNs).orElseThrow());
    }

    @Test
    void shouldNotTakeConnectsBegunBeforeForTrials() {
        assertTrue(load.tryAcquire());
        open();
        nowNs = breaker.deadlineNs();
        assertEquals(Optional.empty(), breaker.onTime(nowNs));
        assertEquals(Optional.empty(), look());
        load.onConnectFailed();
        assertEquals(State.HALF_OPEN, look().orElseThrow().state());
        assertEquals(Optional.empty(), look(), "its failure is not a trial's");
    }

    @Test
    void shouldWaitForConnectsBegunBeforeOnlyOnceMoreTheOpenTime() {
        assertTrue(load.tryAcquire());
        open();
        long openedNs = nowNs;
        nowNs = breaker.deadlineNs();
        Optional<Change> change = breaker.onTime(nowNs);
        for (int looks = 0; looks < 100 && change.isEmpty(); looks++) {
            change = look();
        }
        assertEquals(State.HALF_OPEN, change.orElseThrow().state());
        assertEquals(openedNs + 10 * SECOND, nowNs);
    }

    private CircuitBreaker breaker(int failurePercent, int slowPercent) {
        return new CircuitBreaker(
                new PoolConfig.CircuitBreaker(
                        Duration.ofSeconds(10),
                        20,
                        failurePercent,
                        slowPercent,
                        Duration.ofMillis(500),
                        Duration.ofSeconds(5),
                        3),
                load,
                nowNs);
    }

    private Optional<Change> look() {
        nowNs += 100 * MS;
        return breaker.onTime(nowNs);
    }

    private void open() {
        fail(40);
        assertEquals(State.OPEN, look().orElseThrow().state());
    }

    private Change halfOpen() {
        nowNs = breaker.deadlineNs();
        return breaker.onTime(nowNs).orElseThrow();
    }

    private void connect(long tookNs) {
        assertTrue(load.tryAcquire());
        load.onConnected(tookNs, nowNs);
        load.release();
    }

    private void fail() {
        assertTrue(load.tryAcquire());
        load.onConnectFailed();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            fail();
        }
    }
}
