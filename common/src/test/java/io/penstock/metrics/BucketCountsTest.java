package io.penstock.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BucketCountsTest {
    private static final BucketScale SCALE = BucketScale.ofNanos(1_000, 6, 8);

    @Test
    void shouldTellWhatCameBetweenTwoLooks() {
        SharedBuckets buckets = new SharedBuckets(SCALE);
        buckets.record(10_000);
        BucketCounts before = buckets.counts();
        buckets.record(10_000);
        buckets.record(100_000);
        BucketCounts since = buckets.counts().since(before);
        assertEquals(2, since.count());
        assertEquals(1, since.count(0));
        assertEquals(1, since.count(1));
        assertEquals(110e-6, since.sum(), 1e-12);
        assertEquals(1, before.count(), "as it was");
    }

    @Test
    void shouldNotSubtractWhatIsOnAnotherScale() {
        BucketCounts other = new BucketCounts(BucketScale.ofNanos(1_000, 6, 9));
        assertThrows(IllegalArgumentException.class, () -> new BucketCounts(SCALE).since(other));
    }
}
