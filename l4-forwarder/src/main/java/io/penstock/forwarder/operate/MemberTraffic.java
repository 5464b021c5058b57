package io.penstock.forwarder.operate;

import io.penstock.metrics.BucketCounts;
import java.util.Map;
import java.util.Optional;

/**
 * What a backend has carried since it is known, and how long it takes.
 *
 * @param connections established, and sessions
 * @param connectFailures refused, late or otherwise failed
 * @param failures connections that it reset or vanished from
 * @param ended by outcome; every outcome
 * @param times by the step's name, as of {@link ServiceTraffic}
 * @param network empty while nothing was sampled
 */
public record MemberTraffic(
        long connections,
        long connectFailures,
        long failures,
        Map<String, Long> ended,
        Bytes toBackend,
        Bytes toClients,
        Map<String, StepCounts> times,
        Optional<NetworkSamples> network) {
    public static final MemberTraffic NONE =
            new MemberTraffic(0, 0, 0, Map.of(), Bytes.NONE, Bytes.NONE, Map.of(), Optional.empty());

    /**
     * How long a step takes.
     *
     * @param all since the backend is known
     * @param recent in the last 10 to 20 s where somebody asks as often, else since the last but one who asked
     */
    public record StepCounts(BucketCounts all, BucketCounts recent) {}
}
