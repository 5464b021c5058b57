package io.penstock.perf.failures;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Sessions of both balancers in turn, each round beginning with the other one. */
final class Rounds {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(Settings.INTERVAL_MS);

    private final Session session;
    private final int count;

    Rounds(Session session, int count) {
        this.session = session;
        this.count = count;
    }

    List<Comparison> run(Settings settings, Set<Failure> failures) throws IOException, InterruptedException {
        Map<Balancer.Kind, Map<Failure, List<Observation>>> seen = new EnumMap<>(Balancer.Kind.class);
        for (int round = 0; round < count; round++) {
            for (Balancer.Kind kind : order(round)) {
                Map<Failure, List<Observation>> ofKind =
                        seen.computeIfAbsent(kind, any -> new EnumMap<>(Failure.class));
                session.run(kind, settings, failures, phaseNs(round, count))
                        .forEach((failure, observation) -> ofKind.computeIfAbsent(failure, any -> new ArrayList<>())
                                .add(observation));
            }
        }
        return failures.stream()
                .map(failure -> new Comparison(
                        failure,
                        settings,
                        seen.get(Balancer.Kind.PENSTOCK).get(failure),
                        seen.get(Balancer.Kind.HAPROXY).get(failure)))
                .toList();
    }

    private static List<Balancer.Kind> order(int round) {
        List<Balancer.Kind> order = new ArrayList<>(List.of(Balancer.Kind.values()));
        Collections.rotate(order, round);
        return order;
    }

    /**
     * The rounds' recoveries are spread evenly over the interval of checks, the same for both balancers. The first comes
     * after a quarter of its part: checks begin and time out at whole quarters of the interval, where chance would decide
     * whether the one that begins just then passes.
     */
    static long phaseNs(int round, int rounds) {
        return INTERVAL_NS * (4L * round + 1) / (4L * rounds);
    }
}
