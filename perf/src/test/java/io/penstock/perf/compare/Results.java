package io.penstock.perf.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** Results as tests need them. */
final class Results {
    private static final int BIG = 1_234_567_890;

    private Results() {}

    /** All contestants with the same figures, ours with another CPU time for its 1,000 units. */
    static WorkloadResult of(Workload workload, SyscallFigures syscalls, double... ourCpuSeconds) {
        List<ContestantResult> contestants = Contestant.all(Path.of("forwarder")).stream()
                .filter(contestant -> contestant.takesPart(workload))
                .map(contestant -> new ContestantResult(
                        contestant,
                        DoubleStream.of(ourCpuSeconds)
                                .mapToObj(cpu -> contestant.isProxy()
                                        ? measurement(contestant.isPeer() ? 1 : cpu)
                                        : Measurement.withoutProxy(work()))
                                .toList(),
                        contestant.isProxy() ? syscalls : SyscallFigures.NONE,
                        Optional.empty()))
                .toList();
        return new WorkloadResult(workload, contestants, List.of("A note."));
    }

    private static Measurement measurement(double cpuSeconds) {
        return new Measurement(work(), cpuSeconds, BIG, BIG, BIG);
    }

    private static Work work() {
        return new Work(1_000, 1, 0, new Work.Latency(12_345.6, 123_456.7, 1_234_567.8, 12_345_678.9));
    }
}
