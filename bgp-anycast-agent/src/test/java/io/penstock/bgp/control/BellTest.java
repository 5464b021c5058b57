package io.penstock.bgp.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The agent's thread wakes soon after it was rung for. */
@Timeout(60)
class BellTest {
    private static final int TIMES = 300;

    @Test
    void shouldEndAWaitThatHasNotBegun() {
        Bell bell = new Bell();
        bell.ring();
        long startNs = System.nanoTime();
        bell.await(60_000_000_000L);
        assertTrue(System.nanoTime() - startNs < 30_000_000_000L);
    }

    @Test
    void shouldWaitAgainAfterThat() {
        Bell bell = new Bell();
        bell.ring();
        bell.ring();
        bell.await(1);
        long startNs = System.nanoTime();
        long waitedNs = 0;
        for (int i = 0; i < 100 && waitedNs < 20_000_000; i++) {
            bell.await(20_000_000 - waitedNs);
            waitedNs = System.nanoTime() - startNs;
        }
        assertTrue(waitedNs >= 20_000_000, "only early for no reason, and never for the second ring");
    }

    @Test
    void shouldWakeWithinAMillisecondMostly() throws Exception {
        Bell bell = new Bell();
        SynchronousQueue<Long> woken = new SynchronousQueue<>();
        long[] rung = new long[1];
        Thread thread = new Thread(() -> {
            for (int i = 0; i < TIMES; i++) {
                bell.await(60_000_000_000L);
                try {
                    woken.put(System.nanoTime());
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        long[] latencies = new long[TIMES];
        for (int i = 0; i < TIMES; i++) {
            Thread.sleep(1);
            rung[0] = System.nanoTime();
            bell.ring();
            latencies[i] = woken.take() - rung[0];
        }
        thread.join(10_000);
        assertEquals(false, thread.isAlive());
        Arrays.sort(latencies);
        assertTrue(latencies[TIMES / 2] < 5_000_000, "median of " + latencies[TIMES / 2] + " ns");
    }
}
