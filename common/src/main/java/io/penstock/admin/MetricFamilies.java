package io.penstock.admin;

import io.penstock.metrics.BucketCounts;
import io.penstock.metrics.BucketScale;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Families of one scrape while they are put together, value by value. There may be a hundred thousand values, so each is
 * one object that the client's constructors make; labels are the caller's to keep.
 */
public final class MetricFamilies {
    /** The client's word for: it is not known when it was made. */
    private static final long NO_TIMESTAMP = 0;

    private final Map<String, Family<?>> families = new LinkedHashMap<>();

    /** Values of one name. */
    private static final class Family<P extends DataPointSnapshot> {
        private final MetricMetadata metadata;
        private final Class<P> type;
        private final BiFunction<MetricMetadata, List<P>, MetricSnapshot> snapshot;
        private final List<P> points = new ArrayList<>();

        private Family(
                MetricMetadata metadata, Class<P> type, BiFunction<MetricMetadata, List<P>, MetricSnapshot> snapshot) {
            this.metadata = metadata;
            this.type = type;
            this.snapshot = snapshot;
        }

        private void add(DataPointSnapshot point) {
            points.add(type.cast(point));
        }

        private MetricSnapshot build() {
            return snapshot.apply(metadata, points);
        }
    }

    /** Counts up to now of what only grows; the name is without {@code _total}. */
    public void counter(String name, String help, Labels labels, Number value) {
        Family<?> family = families.get(name);
        if (family == null) {
            family = add(name, help, CounterDataPointSnapshot.class, CounterSnapshot::new);
        }
        family.add(new CounterDataPointSnapshot(value.doubleValue(), labels, null, NO_TIMESTAMP));
    }

    /** What goes up and down. */
    public void gauge(String name, String help, Labels labels, Number value) {
        Family<?> family = families.get(name);
        if (family == null) {
            family = add(name, help, GaugeDataPointSnapshot.class, GaugeSnapshot::new);
        }
        family.add(new GaugeDataPointSnapshot(value.doubleValue(), labels, null));
    }

    /** A histogram from what a recorder of ours has counted. */
    public void histogram(String name, String help, Labels labels, BucketCounts counts) {
        BucketScale scale = counts.scale();
        double[] bounds = new double[scale.size()];
        long[] values = new long[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = scale.bound(i);
            values[i] = counts.count(i);
        }
        histogram(name, help, labels, bounds, values, counts.sum());
    }

    /**
     * A histogram from its buckets.
     *
     * @param bounds upper ones, rising; the last is infinity
     * @param counts of each bucket by itself
     * @param sum of all values
     */
    public void histogram(String name, String help, Labels labels, double[] bounds, long[] counts, double sum) {
        Family<?> family = families.get(name);
        if (family == null) {
            family = add(name, help, HistogramDataPointSnapshot.class, HistogramSnapshot::new);
        }
        ClassicHistogramBuckets buckets = ClassicHistogramBuckets.of(bounds, counts);
        family.add(new HistogramDataPointSnapshot(buckets, sum, labels, Exemplars.EMPTY, NO_TIMESTAMP));
    }

    private <P extends DataPointSnapshot> Family<P> add(
            String name, String help, Class<P> type, BiFunction<MetricMetadata, List<P>, MetricSnapshot> snapshot) {
        Family<P> family = new Family<>(new MetricMetadata(name, help), type, snapshot);
        families.put(name, family);
        return family;
    }

    /** All that was put in. */
    public MetricSnapshots build() {
        return new MetricSnapshots(families.values().stream().map(Family::build).toList());
    }
}
