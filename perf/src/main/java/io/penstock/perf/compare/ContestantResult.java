package io.penstock.perf.compare;

import java.util.List;
import java.util.Optional;

/**
 * What one contestant did in all rounds of a workload.
 *
 * @param pauses of its JVM from the first round to the last
 */
record ContestantResult(
        Contestant contestant, List<Measurement> rounds, SyscallFigures syscalls, Optional<Pauses> pauses) {
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
