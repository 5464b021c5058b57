package io.penstock.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Places at a backend: how many there are, and that none is lost or given twice. */
@Timeout(60)
class BackendLoadPlacesTest {
    private final BackendLoad load = new BackendLoad();

    @Test
    void shouldRefuseBeyondMaxOpen() {
        load.limit(2, BackendLoad.UNLIMITED);
        take(2);
        assertTrue(load.isFull());
        assertFalse(load.tryAcquire());
        load.onConnected(1, 1);
        assertFalse(load.tryAcquire(), "connected is still open");
        load.release();
        assertTrue(load.tryAcquire());
        assertEquals(2, load.open());
        assertEquals(2, load.pending());
    }

    /** It is there already. */
    @Test
    void shouldTakeWhatAnotherProcessHadWhateverTheLimits() {
        load.limit(1, BackendLoad.UNLIMITED);
        load.beginTrial(1);
        load.adopt();
        load.adopt();
        assertEquals(2, load.open());
        assertEquals(0, load.pending());
        load.release();
        assertFalse(load.tryAcquire(), "one is there still");
        load.release();
        assertTrue(load.tryAcquire(), "the trial was not used up");
    }

    @Test
    void shouldRefuseBeyondMaxPending() {
        load.limit(BackendLoad.UNLIMITED, 1);
        assertTrue(load.tryAcquire());
        assertFalse(load.tryAcquire());
        load.onConnected(1, 1);
        assertTrue(load.tryAcquire());
        load.onConnectFailed();
        assertTrue(load.tryAcquire());
        load.onAbandoned();
        assertTrue(load.tryAcquire());
        assertEquals(2, load.open());
        assertEquals(1, load.pending());
    }

    @Test
    void shouldKeepWhatIsOpenWhenALimitFallsBelowIt() {
        take(2);
        load.limit(1, BackendLoad.UNLIMITED);
        assertEquals(2, load.open());
        load.onConnectFailed();
        assertTrue(load.isFull());
    }

    @Test
    void shouldLetTrialsThroughAndNoMoreWhateverBecomesOfThem() {
        assertTrue(load.tryAcquire());
        load.beginTrial(2);
        take(2);
        assertFalse(load.tryAcquire());
        load.onConnectFailed();
        assertTrue(load.isFull(), "a failed trial is used up");
        assertEquals(2, load.open());
        load.beginTrial(BackendLoad.MAX_TRIALS);
        assertTrue(load.tryAcquire());
        load.endTrial();
        assertFalse(load.isFull());
        assertEquals(3, load.open());
        assertEquals(3, load.pending());
    }

    @Test
    void shouldNeverExceedALimitWhenSeveralThreadsTake() throws Exception {
        load.limit(2, BackendLoad.UNLIMITED);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger tooMany = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Integer>> takers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            takers.add(threads.submit(() -> {
                int taken = 0;
                while (taken < 50_000) {
                    if (!load.tryAcquire()) {
                        Thread.onSpinWait();
                        continue;
                    }
                    taken++;
                    if (inside.incrementAndGet() > 2) {
                        tooMany.incrementAndGet();
                    }
                    inside.decrementAndGet();
                    load.onAbandoned();
                }
                return taken;
            }));
        }
        for (Future<Integer> taker : takers) {
            assertEquals(50_000, taker.get());
        }
        threads.shutdown();
        assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
        assertEquals(0, tooMany.get());
        assertEquals(0, load.open());
        assertEquals(0, load.pending());
    }

    private void take(int places) {
        for (int i = 0; i < places; i++) {
            assertTrue(load.tryAcquire());
        }
    }
}
