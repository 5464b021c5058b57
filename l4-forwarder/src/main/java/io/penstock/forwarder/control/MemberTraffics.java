package io.penstock.forwarder.control;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.BackendNetwork;
import io.penstock.forwarder.balance.BackendTraffic;
import io.penstock.forwarder.balance.FlowOutcome;
import io.penstock.forwarder.operate.Bytes;
import io.penstock.forwarder.operate.MemberTraffic;
import io.penstock.forwarder.operate.MemberTraffic.StepCounts;
import io.penstock.forwarder.operate.NetworkSamples;
import io.penstock.metrics.BucketCounts;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks at what one backend has carried, and keeps what it saw for as long as it is recent. The controller's own. */
final class MemberTraffics {
    private static final long WINDOW_NS = 10_000_000_000L;

    private final BackendLoad load;
    private final Recent connects = new Recent();
    private final Recent firstBytes = new Recent();

    MemberTraffics(BackendLoad load) {
        this.load = load;
    }

    /** What was counted at the looks that the last seconds are measured from. */
    private static final class Recent {
        private BucketCounts last = new BucketCounts(BackendTraffic.SCALE);
        private BucketCounts lastButOne = last;
        private long lastNs;
        private boolean looked;

        private BucketCounts since(BucketCounts now, long nowNs) {
            if (!looked || nowNs - lastNs >= WINDOW_NS) {
                looked = true;
                lastButOne = last;
                last = now;
                lastNs = nowNs;
            }
            return now.since(lastButOne);
        }
    }

    MemberTraffic look(long nowNs) {
        BackendTraffic traffic = load.traffic();
        BucketCounts connected = traffic.connects();
        BucketCounts answered = traffic.firstBytes();
        return new MemberTraffic(
                load.connects(),
                load.connectFailures(),
                traffic.ended(FlowOutcome.BACKEND_RESET) + traffic.ended(FlowOutcome.BACKEND_TIMED_OUT),
                Arrays.stream(FlowOutcome.values())
                        .collect(Collectors.toMap(outcome -> outcome.name().toLowerCase(Locale.ROOT), traffic::ended)),
                new Bytes(traffic.bytesTo(false), traffic.bytesTo(true)),
                new Bytes(traffic.bytesFrom(false), traffic.bytesFrom(true)),
                Map.of(
                        "connect", new StepCounts(connected, connects.since(connected, nowNs)),
                        "first_byte", new StepCounts(answered, firstBytes.since(answered, nowNs))),
                network(load.network()));
    }

    private static Optional<NetworkSamples> network(BackendNetwork network) {
        BucketCounts rtt = network.rtt().counts();
        return rtt.count() == 0
                ? Optional.empty()
                : Optional.of(new NetworkSamples(
                        rtt,
                        network.deliveryRate().counts(),
                        network.retransmitted().counts()));
    }
}
