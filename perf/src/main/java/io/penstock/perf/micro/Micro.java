package io.penstock.perf.micro;

import io.penstock.perf.Figures;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Runs the benchmarks of this package, each in a JVM of its own with the options of this one, and prints a line for each
 * as it is done.
 */
@Command(
        name = "micro",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Time and bytes allocated of single operations. Exit code 1: one takes more than is promised.")
public final class Micro implements Callable<Integer> {
    /** How long; {@code --quick} leaves about a minute for all. */
    private record Effort(int warmUps, int warmUpMs, int measurements, int measurementMs) {
        private static final Effort FULL = new Effort(2, 500, 3, 1_000);
        private static final Effort QUICK = new Effort(1, 400, 1, 600);
    }

    /** The parameter that {@code --quick} tries with one value, and that value. */
    private static final String SIZE = "size";

    private static final String QUICK_SIZE = "100";

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PATTERN",
            arity = "0..1",
            defaultValue = "",
            description = "Regular expression found in the names of the benchmarks to run. Default: all.")
    private String pattern;

    @Option(names = "--quick", description = "About a minute for all, with 100 backends only; times are rough.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures here.")
    private Path json;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Micro()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, RunnerException {
        List<Variant> benchmarks = benchmarks();
        if (benchmarks.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no benchmark has '" + pattern + "' in its name");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-36s%12s  %-24s%10s%n", "", "ns/op", "[least-most]", "B/op");
        Figures figures = new Figures();
        Sample empty = measure(new Variant(EmptyBenchmark.class.getName() + ".nothing", Map.of()));
        print(out, "(nothing)", empty, 0, "");
        for (Variant benchmark : benchmarks) {
            Sample sample = measure(benchmark);
            double bytes = sample.allocatedPerOperation(empty);
            boolean ok = Promise.of(benchmark.name()).judge(benchmark.name(), sample.ns(), bytes, figures);
            print(out, benchmark.name(), sample, bytes, ok ? "ok" : "BROKEN");
        }
        if (json != null) {
            figures.writeJson(json);
        }
        return figures.exitCode();
    }

    private static void print(PrintWriter out, String name, Sample sample, double bytes, String verdict) {
        String range = String.format(Locale.ROOT, "[%,.1f-%,.1f]", sample.leastNs(), sample.mostNs());
        String line =
                String.format(Locale.ROOT, "%-36s%,12.1f  %-24s%10.4f  %s", name, sample.ns(), range, bytes, verdict);
        out.println(line.stripTrailing());
        out.flush();
    }

    private List<Variant> benchmarks() {
        Pattern wanted;
        try {
            wanted = Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new ParameterException(spec.commandLine(), "not a regular expression: " + e.getMessage(), e);
        }
        return BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())
                .stream()
                .filter(entry -> !entry.getUsername().startsWith(EmptyBenchmark.class.getName()))
                .sorted(Comparator.comparing(BenchmarkListEntry::getUsername))
                .flatMap(entry -> Variant.of(entry).stream())
                .filter(variant ->
                        !quick || QUICK_SIZE.equals(variant.parameters().getOrDefault(SIZE, QUICK_SIZE)))
                .filter(variant -> wanted.matcher(variant.name()).find())
                .toList();
    }

    private Sample measure(Variant benchmark) throws RunnerException {
        Effort effort = quick ? Effort.QUICK : Effort.FULL;
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark.benchmark()) + "$")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(1)
                .warmupIterations(effort.warmUps())
                .warmupTime(TimeValue.milliseconds(effort.warmUpMs()))
                .measurementIterations(effort.measurements())
                .measurementTime(TimeValue.milliseconds(effort.measurementMs()))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        benchmark.parameters().forEach(options::param);
        return Sample.of(new Runner(options.build()).runSingle());
    }
}
