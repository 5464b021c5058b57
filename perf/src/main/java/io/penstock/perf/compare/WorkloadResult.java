package io.penstock.perf.compare;

import java.util.List;

/**
 * A workload's results.
 *
 * @param notes what a reader must know about this run of it, a sentence each
 */
record WorkloadResult(Workload workload, List<ContestantResult> contestants, List<String> notes) {
    WorkloadResult {
        contestants = List.copyOf(contestants);
        notes = List.copyOf(notes);
    }

    ContestantResult of(String name) {
        return contestants.stream()
                .filter(result -> result.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
