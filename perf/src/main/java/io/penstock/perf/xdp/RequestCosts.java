package io.penstock.perf.xdp;

import io.penstock.perf.compare.Series;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** CPU time of the whole machine per request, by workload, turn and contestant. */
final class RequestCosts {
    private final Map<Workload, List<Map<Contestant, Cost>>> turns = new EnumMap<>(Workload.class);

    /** Of those who took part, direct routing among them. */
    void add(Workload workload, Map<Contestant, Cost> turn) {
        if (!turn.containsKey(Contestant.DIRECT)) {
            throw new IllegalArgumentException("nothing to compare with: " + turn);
        }
        turns.computeIfAbsent(workload, unused -> new ArrayList<>()).add(Map.copyOf(turn));
    }

    /** Of all requests, of all contestants. */
    long failures() {
        return turns.values().stream()
                .flatMap(List::stream)
                .flatMap(turn -> turn.values().stream())
                .mapToLong(Cost::failures)
                .sum();
    }

    /** Microseconds per request. */
    Series micros(Workload workload, Contestant contestant) {
        return series(workload, contestant, Cost::micros);
    }

    /** Requests a second. */
    Series rate(Workload workload, Contestant contestant) {
        return series(workload, contestant, Cost::perSecond);
    }

    private Series series(Workload workload, Contestant contestant, ToDoubleFunction<Cost> figure) {
        return new Series(turnsOf(workload, contestant).stream()
                .map(turn -> figure.applyAsDouble(turn.get(contestant)))
                .toList());
    }

    /** Microseconds per request more than direct routing took in the same turn. */
    Addition added(Workload workload, Contestant contestant) {
        return Addition.of(turnsOf(workload, contestant).stream()
                .map(turn -> turn.get(contestant).micros()
                        - turn.get(Contestant.DIRECT).micros())
                .toList());
    }

    private List<Map<Contestant, Cost>> turnsOf(Workload workload, Contestant contestant) {
        return turns.get(workload).stream()
                .filter(turn -> turn.containsKey(contestant))
                .toList();
    }

    /** What packets in their simplest encapsulation add, of what another adds; not a number when it is not to be told from nothing. */
    double ratio(Workload workload, Contestant other) {
        return added(workload, Contestant.PACKETS).shareOf(added(workload, other));
    }
}
