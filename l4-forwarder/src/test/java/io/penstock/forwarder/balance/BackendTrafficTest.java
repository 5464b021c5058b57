package io.penstock.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BackendTrafficTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 20_000;

    private static int bucketOf(long ns) {
        BackendTraffic traffic = new BackendTraffic();
        traffic.onConnected(ns);
        long[] counts = traffic.connects();
        int found = -1;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                assertEquals(-1, found, "in one bucket only");
                assertEquals(1, counts[i]);
                found = i;
            }
        }
        return found;
    }

    /** Prometheus' buckets hold their bound. */
    @Property
    void shouldCountTimesUpToTheBoundOfABucketInIt(@ForAll @LongRange(min = -5, max = 40_000_000_000L) long ns) {
        int bucket = bucketOf(ns);
        assertTrue(bucket == BackendTraffic.BOUNDS || ns <= BackendTraffic.boundNs(bucket));
        assertTrue(bucket == 0 || ns > BackendTraffic.boundNs(bucket - 1));
    }

    @Test
    void shouldCountABoundInItsBucketAndWhatIsLongerInTheNext() {
        for (int bucket = 0; bucket < BackendTraffic.BOUNDS; bucket++) {
            assertEquals(bucket, bucketOf(BackendTraffic.boundNs(bucket)));
            assertEquals(bucket + 1, bucketOf(BackendTraffic.boundNs(bucket) + 1));
        }
        assertEquals(BackendTraffic.BOUNDS, bucketOf(Long.MAX_VALUE));
    }

    @Test
    void shouldKeepEveryNumberApart() {
        BackendTraffic traffic = new BackendTraffic();
        traffic.onBytes(1, 20, 300, 4_000);
        for (FlowOutcome outcome : FlowOutcome.values()) {
            for (int i = 0; i <= outcome.ordinal(); i++) {
                traffic.onEnded(outcome);
            }
        }
        traffic.onConnected(Long.MAX_VALUE);
        traffic.onFirstByte(0);
        assertEquals(1, traffic.bytesTo(false));
        assertEquals(20, traffic.bytesTo(true));
        assertEquals(300, traffic.bytesFrom(false));
        assertEquals(4_000, traffic.bytesFrom(true));
        for (FlowOutcome outcome : FlowOutcome.values()) {
            assertEquals(outcome.ordinal() + 1, traffic.ended(outcome));
        }
        assertArrayEquals(new long[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, traffic.connects());
        assertArrayEquals(new long[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, traffic.firstBytes());
    }

    @Test
    void shouldLoseNothingThatSeveralWorkersTell() throws Exception {
        BackendTraffic traffic = new BackendTraffic();
        ExecutorService workers = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> told = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                told.add(workers.submit(() -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        traffic.onBytes(3, 0, 5, 0);
                        traffic.onConnected(1);
                        traffic.onEnded(FlowOutcome.COMPLETED);
                    }
                }));
            }
            for (Future<?> one : told) {
                one.get();
            }
        } finally {
            workers.shutdown();
        }
        assertEquals(3L * THREADS * ROUNDS, traffic.bytesTo(false));
        assertEquals(5L * THREADS * ROUNDS, traffic.bytesFrom(false));
        assertEquals(THREADS * ROUNDS, traffic.connects()[0]);
        assertEquals(THREADS * ROUNDS, traffic.ended(FlowOutcome.COMPLETED));
    }
}
