package io.penstock.perf.compare;

import io.penstock.perf.Figures;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** Two forwarders, of which one is watched by all there is to watch it with, and the other by nobody, in turn. */
@Command(
        name = "overhead",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "What metrics, TCP_INFO, a full flow log and a scrape a second cost, in CPU time per unit of work.")
public final class Overhead implements Callable<Integer> {
    /** The promise, for the median of the rounds. */
    private static final double GOAL_PERCENT = 3;

    private static final int WARM_UP_S = 10;
    private static final int ROUNDS_MAX = 50;
    private static final int SECONDS_MAX = 60;
    private static final double LEAST_SCRAPES_PER_SECOND = 0.5;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "9",
            description = "each with both forwarders once (default: ${DEFAULT-VALUE}, at most 50)")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "4",
            description = "of each measurement (default: ${DEFAULT-VALUE}, at most 60)")
    private int seconds;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the figures to FILE")
    private Path json;

    @Option(names = "--forwarder", paramLabel = "FILE", required = true, hidden = true)
    private Path launcher;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Overhead()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Cores cores = Cores.available();
        System.out.println(cores.describe());
        Figures figures = new Figures();
        try (RunDirectory directory = RunDirectory.create("penstock-overhead")) {
            Setting setting = new Setting(
                    launcher.toAbsolutePath(),
                    directory.path(),
                    cores,
                    within(seconds, SECONDS_MAX),
                    within(rounds, ROUNDS_MAX));
            measure(Workload.KEEPALIVE, "request", setting, figures);
            measure(Workload.CONNECT, "connection", setting, figures);
        }
        figures.print(System.out, Ansi.AUTO);
        if (json != null) {
            figures.writeJson(json);
        }
        return figures.exitCode();
    }

    /** More than nothing. */
    private static double percent(double ratio) {
        return 100 * (ratio - 1);
    }

    private static int within(int value, int most) {
        return Math.max(1, Math.min(value, most));
    }

    private static void measure(Workload workload, String unit, Setting setting, Figures figures)
            throws IOException, InterruptedException {
        String name = workload.label();
        List<Double> unseenUs = new ArrayList<>();
        List<Double> seenUs = new ArrayList<>();
        long failures = 0;
        Watched watched = new Watched(setting.forwarder());
        try (Bench unseen = new Bench(Watched.byNobody(setting.forwarder()), workload, setting);
                Bench seen = new Bench(watched.contestant(), workload, setting)) {
            unseen.warmUp(WARM_UP_S, Pace.USUAL);
            watched.warmUp(seen, WARM_UP_S);
            for (int round = 0; round < setting.rounds(); round++) {
                System.out.printf(Locale.ROOT, "%s: round %d of %d%n", name, round + 1, setting.rounds());
                // Whoever comes first in one round comes last in the next.
                Measurement first = round % 2 == 0 ? unseen.measure(Pace.USUAL) : watched.measure(seen);
                Measurement second = round % 2 == 0 ? watched.measure(seen) : unseen.measure(Pace.USUAL);
                unseenUs.add((round % 2 == 0 ? first : second).cpuMicrosPerUnit());
                seenUs.add((round % 2 == 0 ? second : first).cpuMicrosPerUnit());
                failures += first.work().failures() + second.work().failures();
            }
        }
        Series without = new Series(unseenUs);
        Series with = new Series(seenUs);
        figures.report(name + ".unseen.cpu", without.median(), "us/" + unit)
                .report(name + ".seen.cpu", with.median(), "us/" + unit)
                .atMost(name + ".overhead", percent(Series.ratios(with, without).median()), "%", GOAL_PERCENT)
                .exactly(name + ".failures", (double) failures, "", 0)
                .atLeast(
                        name + ".scrapes",
                        watched.scrapes(),
                        "",
                        LEAST_SCRAPES_PER_SECOND * setting.seconds() * setting.rounds())
                .atLeast(name + ".flow-log", (double) watched.loggedBytes(), "B", 1);
    }
}
