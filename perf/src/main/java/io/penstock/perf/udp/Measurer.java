package io.penstock.perf.udp;

import io.penstock.perf.compare.Schedule;
import io.penstock.perf.rig.SyscallCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Takes contestants that run through shapes and sizes, in interleaved rounds. */
final class Measurer {
    private static final int WARM_UP_SIZE = 512;
    private static final int COUNT_MS = 300;

    private final Rig rig;
    private final List<Contestant> contestants;
    private final Lengths lengths;
    private final Path directory;
    private final Consumer<String> progress;

    /**
     * @param directory for temporary files
     * @param progress is told what is done next
     */
    Measurer(Rig rig, List<Contestant> contestants, Lengths lengths, Path directory, Consumer<String> progress) {
        this.rig = rig;
        this.contestants = List.copyOf(contestants);
        this.lengths = lengths;
        this.directory = directory;
        this.progress = progress;
    }

    void warmUp(Shape shape) throws IOException, InterruptedException {
        for (Contestant contestant : contestants) {
            progress.accept("warming up " + contestant.name() + " with " + shape.label());
            rig.run(contestant, shape, WARM_UP_SIZE, lengths.warmUpMs(), lengths.shapeWarmUpMs());
        }
    }

    CellResult measure(Shape shape, int size) throws IOException, InterruptedException {
        Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
        contestants.forEach(contestant -> outcomes.put(contestant.name(), new ArrayList<>()));
        for (int round = 0; round < lengths.rounds(); round++) {
            for (Contestant contestant : Schedule.order(contestants, round)) {
                progress.accept(shape.label() + " of " + size + ", round " + (round + 1) + ": " + contestant.name());
                outcomes.get(contestant.name())
                        .add(rig.run(contestant, shape, size, lengths.warmUpMs(), lengths.measureMs()));
            }
        }
        return new CellResult(shape, size, outcomes, countSyscalls(shape, size));
    }

    /** In runs for their sake alone, since counting slows a proxy down; none where perf(1) may not count. */
    private Map<String, Double> countSyscalls(Shape shape, int size) throws IOException, InterruptedException {
        Map<String, Double> counts = new LinkedHashMap<>();
        for (Contestant contestant : contestants) {
            if (contestant.isProxy()) {
                progress.accept("counting the system calls of " + contestant.name());
                Path files = Files.createTempDirectory(directory, "syscalls");
                try (SyscallCounter counter = SyscallCounter.attach(contestant.pids(), files)) {
                    counter.enable();
                    Outcome outcome = rig.run(contestant, shape, size, 0, COUNT_MS);
                    counter.disable();
                    counts.put(contestant.name(), counter.detach().calls() / outcome.packets());
                } catch (IOException e) {
                    progress.accept("system calls were not counted: " + e.getMessage());
                }
            }
        }
        return counts;
    }
}
