package io.penstock.perf.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One workload on all contestants: set up once, warmed up, measured in interleaved rounds, and at last once more each to
 * count system calls.
 */
final class WorkloadRun {
    /** Enough for a JVM's compilers to be done with the paths of this workload. */
    private static final int FIRST_WARM_UP_S = 5;

    private static final int WARM_UP_S = 1;

    private final Workload workload;
    private final List<Contestant> contestants;
    private final Setting setting;
    private final Consumer<String> progress;
    private final List<String> notes = new ArrayList<>();
    private Pace pace = Pace.USUAL;

    /** @param progress is told what is done next */
    WorkloadRun(Workload workload, List<Contestant> contestants, Setting setting, Consumer<String> progress) {
        this.workload = workload;
        this.contestants = contestants.stream()
                .filter(contestant -> contestant.takesPart(workload))
                .toList();
        this.setting = setting;
        this.progress = progress;
    }

    /** Fails when any measurement could not be made: a comparison with holes is none. */
    WorkloadResult run() throws IOException, InterruptedException {
        List<Bench> benches = new ArrayList<>();
        try {
            for (Contestant contestant : contestants) {
                say("starting", contestant);
                benches.add(new Bench(contestant, workload, setting));
            }
            warmUp(benches);
            for (Bench bench : benches) {
                bench.pauseLog().begin();
            }
            Map<Bench, List<Measurement>> rounds = measure(benches);
            List<ContestantResult> results = new ArrayList<>();
            for (Bench bench : benches) {
                Optional<Pauses> pauses = bench.contestant().logsPauses(workload)
                        ? Optional.of(bench.pauseLog().sinceBegin())
                        : Optional.empty();
                results.add(new ContestantResult(bench.contestant(), rounds.get(bench), countSyscalls(bench), pauses));
            }
            return new WorkloadResult(workload, results, notes);
        } finally {
            benches.forEach(Bench::close);
        }
    }

    private void warmUp(List<Bench> benches) throws IOException, InterruptedException {
        if (workload.isLatency()) {
            pace = probe(benches);
        } else if (!workload.startsProxyAnew()) {
            for (Bench bench : benches) {
                say("warming up", bench.contestant());
                warmUp(bench, FIRST_WARM_UP_S);
            }
        }
    }

    /** The rate that follows from the capacity of the slowest peer, of all without one; finding it warms everyone up. */
    private Pace probe(List<Bench> benches) throws IOException, InterruptedException {
        Map<String, Double> capacities = new LinkedHashMap<>();
        boolean peers = benches.stream().anyMatch(bench -> bench.contestant().isPeer());
        double slowest = Double.POSITIVE_INFINITY;
        for (Bench bench : benches) {
            say("probing the capacity of", bench.contestant());
            Work work = attempt(bench, () -> bench.warmUp(setting.seconds(), Pace.CAPACITY));
            double capacity = work.units() / work.seconds();
            capacities.put(bench.contestant().name(), capacity);
            if (bench.contestant().isPeer() || !peers) {
                slowest = Math.min(slowest, capacity);
            }
        }
        double rate = workload.loadFactor() * slowest;
        StringBuilder note = new StringBuilder(String.format(Locale.ROOT, "Rate %,.0f/s; capacities:", rate));
        capacities.forEach((name, capacity) -> note.append(String.format(Locale.ROOT, " %s %,.0f/s", name, capacity)));
        notes.add(note.append('.').toString());
        return Pace.perSecond(rate);
    }

    private Map<Bench, List<Measurement>> measure(List<Bench> benches) throws IOException, InterruptedException {
        Map<Bench, List<Measurement>> rounds = new LinkedHashMap<>();
        benches.forEach(bench -> rounds.put(bench, new ArrayList<>()));
        for (int round = 0; round < setting.rounds(); round++) {
            for (Bench bench : Schedule.order(benches, round)) {
                say("round " + (round + 1) + " of " + setting.rounds() + ",", bench.contestant());
                if (workload.driver() != Workload.Driver.OWN) {
                    warmUp(bench, WARM_UP_S);
                }
                rounds.get(bench).add(attempt(bench, () -> bench.measure(pace)));
            }
        }
        return rounds;
    }

    private void warmUp(Bench bench, int seconds) throws IOException, InterruptedException {
        attempt(bench, () -> bench.warmUp(seconds, pace));
    }

    private SyscallFigures countSyscalls(Bench bench) throws InterruptedException {
        if (!bench.contestant().isProxy() || workload.startsProxyAnew()) {
            return SyscallFigures.NONE;
        }
        say("counting the system calls of", bench.contestant());
        try {
            return bench.countSyscalls(pace);
        } catch (IOException e) {
            notes.add("System calls of " + bench.contestant().name() + " were not counted: " + e.getMessage());
            return SyscallFigures.NONE;
        }
    }

    @FunctionalInterface
    private interface Step<T> {
        T take() throws IOException, InterruptedException;
    }

    /** Says whose failure it is. */
    private static <T> T attempt(Bench bench, Step<T> step) throws IOException, InterruptedException {
        try {
            return step.take();
        } catch (IOException e) {
            throw new IOException(bench.contestant().name() + ": " + e.getMessage(), e);
        }
    }

    private void say(String what, Contestant contestant) {
        progress.accept(workload.label() + ": " + what + " " + contestant.name());
    }
}
