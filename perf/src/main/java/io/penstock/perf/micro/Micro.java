package io.penstock.perf.micro;

import io.penstock.perf.Figures;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
import org.openjdk.jmh.runner.options.Options;
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
        description = "Time and bytes allocated of single operations. Exit code 1: one allocates.")
public final class Micro implements Callable<Integer> {
    /** Below the smallest object in a thousand operations; iterations differ by some 200 bytes in what JMH allocates. */
    private static final double ALLOCATED_MAX_BYTES = 0.01;

    /** How long; {@code --quick} leaves less than half a minute for all. */
    private record Effort(int warmUps, int warmUpMs, int measurements, int measurementMs) {
        private static final Effort FULL = new Effort(2, 1_000, 3, 2_000);
        private static final Effort QUICK = new Effort(1, 400, 1, 600);
    }

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PATTERN",
            arity = "0..1",
            defaultValue = "",
            description = "Regular expression found in the names of the benchmarks to run. Default: all.")
    private String pattern;

    @Option(names = "--quick", description = "Less than half a minute for all; times are rough.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures here.")
    private Path json;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Micro()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, RunnerException {
        List<String> benchmarks = benchmarks();
        if (benchmarks.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no benchmark has '" + pattern + "' in its name");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-26s%12s  %-24s%10s%n", "", "ns/op", "[least-most]", "B/op");
        Figures figures = new Figures();
        Sample empty = measure(EmptyBenchmark.class.getName() + ".nothing");
        print(out, "(nothing)", empty, 0, "");
        for (String benchmark : benchmarks) {
            Sample sample = measure(benchmark);
            double bytes = sample.allocatedPerOperation(empty);
            boolean ok = judge(shortName(benchmark), sample.ns(), bytes, figures);
            print(out, shortName(benchmark), sample, bytes, ok ? "ok" : "BROKEN");
        }
        if (json != null) {
            figures.writeJson(json);
        }
        return figures.exitCode();
    }

    /** Whether the promise held. */
    static boolean judge(String name, double ns, double bytes, Figures figures) {
        figures.report(name + ".time", ns, "ns/op").atMost(name + ".allocated", bytes, "B/op", ALLOCATED_MAX_BYTES);
        return bytes <= ALLOCATED_MAX_BYTES;
    }

    private static void print(PrintWriter out, String name, Sample sample, double bytes, String verdict) {
        String range = String.format(Locale.ROOT, "[%,.1f-%,.1f]", sample.leastNs(), sample.mostNs());
        String line =
                String.format(Locale.ROOT, "%-26s%,12.1f  %-24s%10.4f  %s", name, sample.ns(), range, bytes, verdict);
        out.println(line.stripTrailing());
        out.flush();
    }

    private List<String> benchmarks() {
        Pattern wanted;
        try {
            wanted = Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new ParameterException(spec.commandLine(), "not a regular expression: " + e.getMessage(), e);
        }
        return BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())
                .stream()
                .map(BenchmarkListEntry::getUsername)
                .filter(name -> !name.startsWith(EmptyBenchmark.class.getName()))
                .filter(name -> wanted.matcher(shortName(name)).find())
                .sorted()
                .toList();
    }

    private Sample measure(String benchmark) throws RunnerException {
        Effort effort = quick ? Effort.QUICK : Effort.FULL;
        Options options = new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark) + "$")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(1)
                .warmupIterations(effort.warmUps())
                .warmupTime(TimeValue.milliseconds(effort.warmUpMs()))
                .measurementIterations(effort.measurements())
                .measurementTime(TimeValue.milliseconds(effort.measurementMs()))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        return Sample.of(new Runner(options).runSingle());
    }

    /** {@code FlowHash.ipv4} for {@code io.penstock.perf.micro.FlowHashBenchmark.ipv4}. */
    private static String shortName(String benchmark) {
        return benchmark.substring(Micro.class.getPackageName().length() + 1).replace("Benchmark.", ".");
    }
}
