package io.penstock.perf.start;

import io.penstock.perf.Figures;
import io.penstock.perf.compare.Series;
import io.penstock.perf.rig.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** Starts the forwarder again and again, with its archive of classes and without one in turn. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "From the exec of the forwarder's launcher to the first byte back through it, and its memory at rest.")
public final class StartTime implements Callable<Integer> {
    /** The promises; medians. */
    private static final double GOAL_MS = 500;

    private static final double GOAL_MIB = 120;

    private static final int STARTS_MAX = 100;

    @Option(
            names = "--starts",
            paramLabel = "N",
            defaultValue = "10",
            description = "of each kind (default: ${DEFAULT-VALUE}, at most 100)")
    private int starts;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the figures to FILE")
    private Path json;

    @Option(names = "--forwarder", paramLabel = "FILE", required = true, description = "the forwarder's launcher")
    private Path launcher;

    public static void main(String[] args) {
        System.exit(new CommandLine(new StartTime()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int count = Math.max(1, Math.min(starts, STARTS_MAX));
        System.out.printf("%d starts with the archive of classes, and as many without%n", count);
        List<OneStart> with = new ArrayList<>();
        List<OneStart> without = new ArrayList<>();
        try (RunDirectory directory = RunDirectory.create("penstock-start");
                Site site = new Site(directory.path(), launcher)) {
            // The files of Java and of the program come from the disk once.
            site.start(Map.of());
            for (int i = 0; i < count; i++) {
                with.add(site.start(Map.of()));
                without.add(site.start(Map.of("PENSTOCK_ARCHIVES", "none")));
            }
        }
        Figures figures = new Figures()
                .atMost("start.median", of(with, OneStart::servedMs).median(), "ms", GOAL_MS)
                .report("start.worst", of(with, OneStart::servedMs).max(), "ms")
                .report("start.cpu", of(with, OneStart::cpuMs).median(), "ms")
                .atMost("start.resident-at-rest", of(with, OneStart::restMib).median(), "MiB", GOAL_MIB)
                .report(
                        "start.without-archive.median",
                        of(without, OneStart::servedMs).median(),
                        "ms")
                .report(
                        "start.without-archive.cpu",
                        of(without, OneStart::cpuMs).median(),
                        "ms")
                .atMost(
                        "start.without-archive.resident-at-rest",
                        of(without, OneStart::restMib).median(),
                        "MiB",
                        GOAL_MIB);
        figures.print(System.out, Ansi.AUTO);
        if (json != null) {
            figures.writeJson(json);
        }
        return figures.exitCode();
    }

    private static Series of(List<OneStart> all, ToDoubleFunction<OneStart> figure) {
        return new Series(all.stream().mapToDouble(figure).boxed().toList());
    }
}
