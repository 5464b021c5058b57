package io.penstock.perf.compare;

import static io.penstock.perf.compare.Contestant.HAPROXY_DEFAULT;
import static io.penstock.perf.compare.Contestant.HAPROXY_TUNED;
import static io.penstock.perf.compare.Contestant.NGINX;

import java.util.List;

/** What a ratio, ours over a peer's, has to be: at most or at least the limit. */
record Goal(Metric metric, String peer, boolean atMost, double limit) {
    /** The promises about a workload; none for cold. */
    static List<Goal> of(Workload workload) {
        return switch (workload) {
            case KEEPALIVE ->
                List.of(
                        atMost(Metric.CPU, HAPROXY_DEFAULT, 1.00),
                        atMost(Metric.CPU, HAPROXY_TUNED, 1.00),
                        atMost(Metric.CPU, NGINX, 1.00));
            case CONNECT ->
                List.of(
                        atMost(Metric.CPU, HAPROXY_DEFAULT, 0.90),
                        atMost(Metric.CPU, HAPROXY_TUNED, 0.90),
                        atMost(Metric.CPU, NGINX, 0.95));
            case BULK_DOWNLOAD, BULK_UPLOAD, BULK_BOTH ->
                List.of(
                        atLeast(Metric.BANDWIDTH, HAPROXY_DEFAULT, 1.3),
                        atLeast(Metric.BANDWIDTH, HAPROXY_TUNED, 1.0),
                        atLeast(Metric.BANDWIDTH, NGINX, 1.0),
                        atLeast(Metric.EFFICIENCY, HAPROXY_DEFAULT, 2.0),
                        atLeast(Metric.EFFICIENCY, HAPROXY_TUNED, 1.0),
                        atLeast(Metric.EFFICIENCY, NGINX, 1.3));
            case LATENCY_30, LATENCY_60 ->
                List.of(
                        atMost(Metric.P99, HAPROXY_DEFAULT, 1.0),
                        atMost(Metric.P99, HAPROXY_TUNED, 1.0),
                        atMost(Metric.P99, NGINX, 1.0));
            case MANY, IDLE ->
                List.of(
                        atLeast(Metric.THROUGHPUT, HAPROXY_DEFAULT, 1.0),
                        atLeast(Metric.THROUGHPUT, NGINX, 1.0),
                        atMost(Metric.CPU, HAPROXY_DEFAULT, 1.0),
                        atMost(Metric.CPU, NGINX, 1.0));
            case COLD -> List.of();
        };
    }

    /** Whether the ratio reaches it; NaN never does. */
    boolean isMetBy(double ratio) {
        return atMost ? ratio <= limit : ratio >= limit;
    }

    private static Goal atMost(Metric metric, String peer, double limit) {
        return new Goal(metric, peer, true, limit);
    }

    private static Goal atLeast(Metric metric, String peer, double limit) {
        return new Goal(metric, peer, false, limit);
    }
}
