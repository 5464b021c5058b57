package io.penstock.forwarder.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PoolQueueTest {
    private final PoolQueue queue = new PoolQueue(2, 7);
    private final AtomicInteger wakesOfOne = new AtomicInteger();
    private final AtomicInteger wakesOfOther = new AtomicInteger();
    private final PoolQueue.Line one = queue.join(wakesOfOne::incrementAndGet);
    private final PoolQueue.Line other = queue.join(wakesOfOther::incrementAndGet);

    @Test
    void shouldTakeAsManyAsItHolds() {
        assertTrue(queue.tryEnter());
        assertTrue(queue.tryEnter());
        assertFalse(queue.tryEnter());
        assertEquals(2, queue.waiting());
        queue.leave();
        assertTrue(queue.tryEnter());
        assertFalse(PoolQueue.NONE.tryEnter());
    }

    @Test
    void shouldCallNobodyWhenNobodyWaits() {
        queue.onRoom(one);
        assertFalse(one.isCalled() || other.isCalled());
        queue.tryEnter();
        queue.onRoom(null);
        assertFalse(one.isCalled() || other.isCalled(), "on its way into a line, where it looks again");
    }

    @Test
    void shouldCallAndWakeTheLineThatHasWaitedLongest() {
        queue.tryEnter();
        queue.tryEnter();
        one.waitingSince(20);
        other.waitingSince(10);
        queue.onRoom(one);
        assertFalse(one.isCalled());
        assertTrue(other.takeCall());
        assertEquals(1, wakesOfOther.get());
        other.nobodyWaits();
        queue.onRoom(other);
        assertTrue(one.takeCall());
        assertFalse(one.takeCall());
        assertEquals(1, wakesOfOne.get());
    }

    @Test
    void shouldWakeOnceForSeveralCallsAndNeverTheCaller() {
        queue.tryEnter();
        one.waitingSince(Long.MAX_VALUE);
        queue.onRoom(other);
        queue.onRoom(null);
        assertEquals(1, wakesOfOne.get());
        assertTrue(one.takeCall());
        queue.onRoom(one);
        assertTrue(one.isCalled());
        assertEquals(1, wakesOfOne.get());
    }

    /** System.nanoTime may be any number and pass over the largest. */
    @Test
    void shouldCompareTimesThatPassOverTheLargestNumber() {
        queue.tryEnter();
        one.waitingSince(Long.MAX_VALUE - 1);
        other.waitingSince(Long.MIN_VALUE + 5);
        queue.onRoom(null);
        assertTrue(one.isCalled());
        assertFalse(other.isCalled());
        assertTrue(queue.isAnyLongerThan(Long.MIN_VALUE + 5));
        assertFalse(queue.isAnyLongerThan(Long.MAX_VALUE - 1), "the same one is not longer");
    }
}
