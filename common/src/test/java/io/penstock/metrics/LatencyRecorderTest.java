package io.penstock.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LatencyRecorderTest {
    private static final BucketScale MICROSECONDS = BucketScale.ofNanos(1_000, 6, 25);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    @Test
    void shouldBoundBucketsByPowersOfTwoOfItsUnit() {
        assertEquals(21, MICROSECONDS.size());
        assertEquals(64e-6, MICROSECONDS.bound(0));
        assertEquals(33.554432, MICROSECONDS.bound(19));
        assertEquals(Double.POSITIVE_INFINITY, MICROSECONDS.bound(20));
    }

    @Test
    void shouldRefuseWhatIsNoScale() {
        assertThrows(IllegalArgumentException.class, () -> BucketScale.ofNanos(0, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> BucketScale.ofNanos(1, 2, 1));
        assertThrows(IllegalArgumentException.class, () -> BucketScale.ofNanos(1, 0, 63));
        assertThrows(IllegalArgumentException.class, () -> BucketScale.ofNanos(1, 0, 3, 2));
    }

    @Test
    void shouldCountWhatIsOnABoundBelowIt() {
        LatencyRecorder recorder = new LatencyRecorder(MICROSECONDS, 0);
        recorder.record(64_000);
        recorder.record(64_001);
        assertEquals(1, counts(recorder).count(0));
        assertEquals(1, counts(recorder).count(1));
    }

    @Property(tries = 200)
    void shouldCountExactlyAsComparingWithEachBound(
            @ForAll @Size(max = 50) List<@LongRange(min = -5, max = 200_000_000_000L) Long> durations,
            @ForAll @IntRange(min = 1, max = 3) int step) {
        BucketScale scale = BucketScale.ofNanos(1_000, 3, 27, step);
        LatencyRecorder recorder = new LatencyRecorder(scale, 0);
        SharedBuckets shared = new SharedBuckets(scale);
        long[] expected = new long[scale.size()];
        long sum = 0;
        for (long duration : durations) {
            recorder.record(duration);
            shared.record(duration);
            sum += Math.max(duration, 0);
            int bucket = 0;
            while (Math.max(duration, 0) / 1e9 > scale.bound(bucket)) {
                bucket++;
            }
            expected[bucket]++;
        }
        for (BucketCounts counts : List.of(counts(recorder), shared.counts())) {
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], counts.count(i), "bucket " + i);
            }
            assertEquals(durations.size(), counts.count());
            assertEquals(sum / 1e9, counts.sum());
        }
    }

    @Test
    void shouldKeepItsTotalWhateverIsRead() {
        LatencyRecorder recorder = new LatencyRecorder(MICROSECONDS, 0);
        recorder.record(100_000);
        assertEquals(1, counts(recorder).count());
        recorder.record(100_000);
        assertEquals(2, recent(recorder, SECOND_NS).count());
        recorder.roll(60 * SECOND_NS);
        assertEquals(2, counts(recorder).count(1));
    }

    @Test
    void shouldForgetWhatIsTwoWindowsOld() {
        LatencyRecorder recorder = new LatencyRecorder(MICROSECONDS, 0);
        recorder.record(1_000_000);
        recorder.roll(10 * SECOND_NS);
        recorder.record(2_000_000);
        assertEquals(2, recent(recorder, 19 * SECOND_NS).count());
        recorder.roll(20 * SECOND_NS);
        assertEquals(1, recent(recorder, 20 * SECOND_NS).count());
        recorder.roll(30 * SECOND_NS);
        assertEquals(0, recent(recorder, 30 * SECOND_NS).count());
        assertEquals(0, recent(recorder, 30 * SECOND_NS).percentileNs(99));
        assertEquals(0, recent(recorder, 30 * SECOND_NS).maxNs());
    }

    @Test
    void shouldTellPercentilesNeverTooLow() {
        LatencyRecorder recorder = new LatencyRecorder(MICROSECONDS, 0);
        for (int i = 1; i <= 1_000; i++) {
            recorder.record(i * 1_000_000L);
        }
        LatencySnapshot recent = recent(recorder, 0);
        assertBetween(500_000_000, recent.percentileNs(50));
        assertBetween(990_000_000, recent.percentileNs(99));
        assertBetween(1_000_000_000, recent.maxNs());
    }

    private static void assertBetween(long exact, long told) {
        assertTrue(told >= exact && told <= exact + exact / 16, () -> exact + " told as " + told);
    }

    @Test
    void shouldAddUpRecordersOfSeveralThreads() {
        LatencyRecorder one = new LatencyRecorder(MICROSECONDS, 0);
        LatencyRecorder other = new LatencyRecorder(MICROSECONDS, 0);
        one.record(SECOND_NS);
        other.record(3 * SECOND_NS);
        BucketCounts sums = new BucketCounts(MICROSECONDS);
        one.addTo(sums, 0);
        other.addTo(sums, 0);
        assertEquals(2, sums.count());
        assertEquals(4, sums.sum());
        LatencySnapshot recent = new LatencySnapshot(MICROSECONDS);
        one.addTo(recent, 0);
        other.addTo(recent, 0);
        assertEquals(2, recent.count());
        assertBetween(3 * SECOND_NS, recent.maxNs());
    }

    @Test
    void shouldRefuseToAddWhatHasOtherBounds() {
        BucketScale milliseconds = BucketScale.ofNanos(1_000_000, 0, 22);
        LatencyRecorder recorder = new LatencyRecorder(milliseconds, 0);
        BucketCounts counts = new BucketCounts(MICROSECONDS);
        assertThrows(IllegalArgumentException.class, () -> recorder.addTo(counts, 0));
        LatencySnapshot recent = new LatencySnapshot(MICROSECONDS);
        assertThrows(IllegalArgumentException.class, () -> recorder.addTo(recent, 0));
    }

    @Test
    void shouldTellQuantilesOfBuckets() {
        SharedBuckets buckets = new SharedBuckets(MICROSECONDS);
        assertEquals(0, buckets.counts().quantileBound(0.5));
        buckets.record(100_000);
        buckets.record(100_000);
        buckets.record(Long.MAX_VALUE);
        assertEquals(128e-6, buckets.counts().quantileBound(0.5));
        assertEquals(33.554432, buckets.counts().quantileBound(1));
    }

    @Test
    @Timeout(60)
    void shouldLoseNothingWhileItIsRead() throws InterruptedException {
        LatencyRecorder recorder = new LatencyRecorder(MICROSECONDS, 0);
        long last = 300_000;
        Thread writer = new Thread(() -> {
            for (long i = 1; i <= last; i++) {
                recorder.record(i * 1_000);
            }
        });
        writer.start();
        long seen = 0;
        for (long nowNs = 0; seen < last; nowNs += SECOND_NS) {
            BucketCounts counts = new BucketCounts(MICROSECONDS);
            recorder.addTo(counts, nowNs);
            assertTrue(counts.count() >= seen, "never goes back");
            seen = counts.count();
        }
        writer.join();
        assertEquals(last, counts(recorder).count());
        assertEquals(last * (last + 1) / 2 * 1_000 / 1e9, counts(recorder).sum());
    }

    @Test
    void shouldAllocateNothingToRecord() {
        LatencyRecorder recorder = new LatencyRecorder(MICROSECONDS, 0);
        SharedBuckets shared = new SharedBuckets(MICROSECONDS);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        record(recorder, shared);
        long before = threads.getCurrentThreadAllocatedBytes();
        record(recorder, shared);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        // One object for each record would be 16,000 bytes and more; the measuring itself may take a little.
        assertTrue(allocated < 1_000, () -> allocated + " bytes");
    }

    private static void record(LatencyRecorder recorder, SharedBuckets shared) {
        for (int i = 0; i < 1_000; i++) {
            recorder.record(i * 1_000L);
            shared.record(i * 1_000L);
        }
    }

    private static BucketCounts counts(LatencyRecorder recorder) {
        BucketCounts counts = new BucketCounts(recorder.scale());
        recorder.addTo(counts, 0);
        return counts;
    }

    private static LatencySnapshot recent(LatencyRecorder recorder, long nowNs) {
        LatencySnapshot recent = new LatencySnapshot(recorder.scale());
        recorder.addTo(recent, nowNs);
        return recent;
    }
}
