package io.penstock.perf.compare;

import java.util.List;

/** What one contestant did in all rounds of a workload. */
record ContestantResult(Contestant contestant, List<Measurement> rounds, SyscallFigures syscalls) {
    ContestantResult {
        rounds = List.copyOf(rounds);
    }

    String name() {
        return contestant.name();
    }

    Series series(Metric metric) {
        return new Series(rounds.stream().map(metric::of).toList());
    }

    long failures() {
        return rounds.stream().mapToLong(round -> round.work().failures()).sum();
    }
}
