package io.penstock.perf.policies.sim;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.Policies;
import io.penstock.forwarder.balance.Policy;
import io.penstock.forwarder.balance.RingScale;
import io.penstock.forwarder.balance.Selection;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import io.penstock.perf.policies.scenario.Contestant;
import io.penstock.perf.policies.scenario.Request;
import io.penstock.perf.policies.scenario.Scenario;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The backends' loads, who of them is eligible, and the policy over those, made anew when that changes. */
final class Pool {
    /** What a configured weight of 1 becomes in the forwarder, so that weights can be lowered. */
    static final int WEIGHT = 100;

    private static final FlowHash HASH = new FlowHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    private static final IpAddress SERVICE = IpAddress.ofIpv4(0x7f000001);
    private static final int SERVICE_PORT = 80;
    private static final int TCP = 6;

    private final Contestant contestant;
    private final BackendLoad[] loads = new BackendLoad[Scenario.BACKENDS];
    private final int[] weights = new int[Scenario.BACKENDS];
    private int[] eligible = IntStream.range(0, Scenario.BACKENDS).toArray();
    private Policy policy;

    Pool(Contestant contestant) {
        this.contestant = contestant;
        Arrays.setAll(loads, backend -> new BackendLoad());
        Arrays.fill(weights, WEIGHT);
        rebuild();
    }

    void leaveOut(int backend) {
        eligible = Arrays.stream(eligible).filter(other -> other != backend).toArray();
        rebuild();
    }

    void takeIn(int backend) {
        eligible = IntStream.concat(Arrays.stream(eligible), IntStream.of(backend))
                .sorted()
                .toArray();
        rebuild();
    }

    /** Every backend's weight times its factor, at least 1. */
    void weigh(double[] factors) {
        Arrays.setAll(weights, backend -> (int) Math.max(1, Math.round(WEIGHT * factors[backend])));
        rebuild();
    }

    private void rebuild() {
        Policy before = policy;
        policy = Policies.create(
                contestant.spec(),
                RingScale.of(contestant.spec().ringSize(), Scenario.BACKENDS, (long) WEIGHT * Scenario.BACKENDS),
                Arrays.stream(eligible).mapToObj(Scenario::id).toArray(String[]::new),
                Arrays.stream(eligible).map(backend -> weights[backend]).toArray(),
                Arrays.stream(eligible).mapToObj(backend -> loads[backend]).toArray(BackendLoad[]::new),
                HASH::ofBytes);
        if (before != null) {
            before.retire();
        }
    }

    /** The backend that the policy picks, or {@link Policy#NONE}. */
    int pick(long hash, Selection selection) {
        int index = policy.pick(hash, selection);
        return index == Policy.NONE ? Policy.NONE : eligible[index];
    }

    BackendLoad load(int backend) {
        return loads[backend];
    }

    /** What the policy is told of a request's connection. */
    long hash(Request request) {
        return hash(request.client(), request.port());
    }

    long hash(int client, int port) {
        IpAddress source = Scenario.address(client);
        if (contestant.hashInput().source()) {
            return HASH.ofSource(
                    contestant.hashInput().maskedHigh(source.high(), source.low()),
                    contestant.hashInput().maskedLow(source.high(), source.low()));
        }
        return HASH.ofFlow(source.high(), source.low(), port, SERVICE.high(), SERVICE.low(), SERVICE_PORT, TCP);
    }
}
