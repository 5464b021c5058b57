package io.penstock.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Example;

class BackendLoadTest {
    private final BackendLoad load = new BackendLoad();

    @Example
    void shouldRefuseWhenALimitIsReached() {
        load.limit(2, 1);
        assertTrue(load.tryAcquire());
        assertTrue(load.isFull(), "one is pending");
        assertFalse(load.tryAcquire());
        load.onConnected(1, 0);
        assertTrue(load.tryAcquire());
        load.onConnected(1, 0);
        assertTrue(load.isFull(), "two are open");
        assertFalse(load.tryAcquire());
        load.release();
        assertFalse(load.isFull());
        assertEquals(1, load.open());
        assertEquals(0, load.pending());
    }

    @Example
    void shouldLetSoManyThroughWhenOnTrial() {
        load.beginTrial(2);
        assertTrue(load.tryAcquire());
        assertTrue(load.tryAcquire());
        assertTrue(load.isFull());
        assertFalse(load.tryAcquire());
        load.endTrial();
        assertTrue(load.tryAcquire());
        assertEquals(3, load.open());
    }

    @Example
    void shouldHaveTheTrialBackWhenItIsAbandoned() {
        load.beginTrial(1);
        assertTrue(load.tryAcquire());
        load.onAbandoned();
        assertTrue(load.tryAcquire());
        load.onConnectFailed();
        assertFalse(load.tryAcquire());
        assertEquals(0, load.open());
    }

    @Example
    void shouldKeepTheTrialWhenALimitRefuses() {
        load.limit(0, 0);
        load.beginTrial(1);
        assertFalse(load.tryAcquire());
        load.limit(BackendLoad.UNLIMITED, BackendLoad.UNLIMITED);
        assertTrue(load.tryAcquire());
    }

    @Example
    void shouldCountWhatHappened() {
        load.slowFrom(10);
        for (int tookNs : new int[] {5, 10}) {
            load.tryAcquire();
            load.onConnected(tookNs, 0);
            load.onFirstByte(tookNs + 1, 0);
            load.release();
        }
        assertEquals(2, load.connects());
        assertEquals(15, load.connectNs());
        assertEquals(1, load.slowConnects());
        assertEquals(2, load.firstBytes());
        assertEquals(17, load.firstByteNs());
        assertEquals(1, load.slowFirstBytes());
    }

    @Example
    void shouldAlarmOnceWhenSoManyFailInARow() {
        AtomicInteger alarms = new AtomicInteger();
        load.alarmAt(3, 2, alarms::incrementAndGet);
        failConnects(2);
        load.tryAcquire();
        load.onConnected(1, 0);
        failConnects(2);
        assertEquals(0, alarms.get());
        failConnects(2);
        assertEquals(1, alarms.get());
        assertEquals(4, load.connectFailuresInARow());
        load.onEarlyReset();
        load.onFirstByte(1, 0);
        load.onEarlyReset();
        assertEquals(1, alarms.get());
        load.onEarlyReset();
        assertEquals(2, alarms.get());
        load.clearFailuresInARow();
        failConnects(3);
        assertEquals(3, alarms.get());
        assertEquals(9, load.connectFailures());
        assertEquals(3, load.earlyResets());
    }

    private void failConnects(int count) {
        for (int i = 0; i < count; i++) {
            assertTrue(load.tryAcquire());
            load.onConnectFailed();
        }
    }

    /** As many workers as places: whoever is refused would prove that a place was taken twice or not given back. */
    @Example
    void shouldRefuseNobodyWhoHasRoomWhenWorkersRace() throws InterruptedException {
        load.limit(3, BackendLoad.UNLIMITED);
        Workers.run(3, worker -> {
            for (int i = 0; i < 20_000; i++) {
                assertTrue(load.tryAcquire());
                load.onConnected(1, 0);
                load.release();
            }
        });
        assertEquals(0, load.open());
        assertEquals(60_000, load.connects());
    }

    @Example
    void shouldNeverExceedALimitWhenWorkersRace() throws InterruptedException {
        load.limit(2, BackendLoad.UNLIMITED);
        AtomicInteger inside = new AtomicInteger();
        Workers.run(4, worker -> {
            for (int i = 0; i < 20_000; i++) {
                if (load.tryAcquire()) {
                    assertTrue(inside.incrementAndGet() <= 2);
                    inside.decrementAndGet();
                    load.onAbandoned();
                }
            }
        });
        assertEquals(0, load.open());
        assertEquals(0, load.pending());
    }
}
