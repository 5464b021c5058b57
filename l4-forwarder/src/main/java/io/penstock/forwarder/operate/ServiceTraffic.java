package io.penstock.forwarder.operate;

import io.penstock.metrics.BucketCounts;
import io.penstock.metrics.LatencySnapshot;
import java.util.Map;

/**
 * What a service has carried since the start, and how long its flows take.
 *
 * @param closed connections and sessions that ended, by reason; every reason that its protocol knows
 * @param times by the step's name; without those of steps that are not recorded
 */
public record ServiceTraffic(
        Map<String, Long> closed, Bytes toBackends, Bytes toClients, Map<String, StepTimes> times) {
    public static final ServiceTraffic NONE = new ServiceTraffic(Map.of(), Bytes.NONE, Bytes.NONE, Map.of());

    /**
     * How long a step takes.
     *
     * @param all since the start
     * @param recent in the last 10 to 20 s
     */
    public record StepTimes(BucketCounts all, LatencySnapshot recent) {}
}
