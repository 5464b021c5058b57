package io.penstock.perf.compare;

import io.penstock.perf.Figures;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.Scratch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command: measures workload after workload, prints each as it is done, writes the page and the rows. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compares the forwarder with HAProxy, nginx and no proxy, on loopback. Exit code 1: a promise is broken.",
            "Workloads: keepalive, connect, bulk (bulk-download, bulk-upload, bulk-both), many, latency (latency-30, "
                    + "latency-60), idle, cold; all of them without a word."
        })
public final class Compare implements Callable<Integer> {
    private static final int SECONDS_MAX = 60;
    private static final int ROUNDS_MAX = 99;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "WORKLOAD", arity = "0..*", description = "what to measure")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3",
            description = "of each measurement (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "7",
            description = "each with every contestant once (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "these contestants only, for example to profile one: direct, haproxy-default, haproxy-tuned, "
                    + "nginx, penstock, penstock-tuned")
    private List<String> only = new ArrayList<>();

    @Option(names = "--json", paramLabel = "FILE", description = "also write the figures to FILE")
    private Path json;

    @Option(names = "--keep", description = "write the page and the charts to perf/results instead of perf/target")
    private boolean keep;

    @Option(names = "--results", paramLabel = "DIR", description = "write the page and the charts to DIR")
    private Path results;

    @Option(names = "--forwarder", paramLabel = "FILE", required = true, hidden = true)
    private Path launcher;

    @Option(names = "--home", paramLabel = "DIR", required = true, hidden = true)
    private Path home;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final StatusLine status = new StatusLine();
    private final Figures figures = new Figures();

    /** Ended from outside: what fails from now on fails because of that. */
    private volatile boolean interrupted;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Compare()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Set<Workload> workloads = workloads();
        List<Contestant> contestants = contestants();
        requireRange("--seconds", seconds, SECONDS_MAX);
        requireRange("--rounds", rounds, ROUNDS_MAX);
        if (!Files.isExecutable(launcher)) {
            throw new ParameterException(spec.commandLine(), launcher + " cannot be run; is the forwarder built?");
        }
        try (Scratch scratch = Scratch.create("penstock-compare")) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> endOnSignal(scratch), "compare-end"));
            Cores cores = Cores.available();
            cores.pinThisProcess();
            Map<String, String> facts = facts(cores);
            facts.forEach((name, value) -> out.printf("  %-8s %s%n", name, value));
            List<WorkloadResult> done =
                    measure(workloads, contestants, new Setting(launcher, scratch.directory(), cores, seconds, rounds));
            if (!interrupted) {
                finish(done, facts);
            }
        }
        return figures.exitCode();
    }

    private Set<Workload> workloads() {
        Set<Workload> workloads = new LinkedHashSet<>();
        for (String name : names) {
            List<Workload> named = Workload.named(name);
            if (named.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "no such workload: '" + name + "'");
            }
            workloads.addAll(named);
        }
        return workloads.isEmpty() ? new LinkedHashSet<>(List.of(Workload.values())) : workloads;
    }

    private List<Contestant> contestants() {
        List<Contestant> all = Contestant.all(launcher);
        List<String> known = all.stream().map(Contestant::name).toList();
        for (String name : only) {
            if (!known.contains(name)) {
                throw new ParameterException(spec.commandLine(), "no such contestant: '" + name + "'");
            }
        }
        return all.stream()
                .filter(contestant -> only.isEmpty() || only.contains(contestant.name()))
                .toList();
    }

    private void requireRange(String option, int value, int max) {
        if (value < 1 || value > max) {
            throw new ParameterException(spec.commandLine(), option + " must be 1 to " + max + " (was " + value + ")");
        }
    }

    private List<WorkloadResult> measure(Set<Workload> workloads, List<Contestant> contestants, Setting setting)
            throws InterruptedException {
        Report report = new Report(out, Ansi.AUTO);
        Promises promises = new Promises(figures);
        List<WorkloadResult> done = new ArrayList<>();
        for (Workload workload : workloads) {
            try {
                WorkloadResult result = new WorkloadRun(workload, contestants, setting, status::show).run();
                status.clear();
                report.print(result);
                promises.judge(result);
                done.add(result);
            } catch (IOException e) {
                status.clear();
                if (interrupted) {
                    return done;
                }
                out.println();
                out.println(Ansi.AUTO.string("@|bold,red " + workload.label() + " failed|@  ") + e.getMessage());
                promises.fail(workload);
            }
        }
        return done;
    }

    private void finish(List<WorkloadResult> done, Map<String, String> facts) throws IOException {
        out.println();
        if (!done.isEmpty()) {
            Path page = results != null ? results : home.resolve(keep ? "results" : "target");
            Report.write(page, done, facts);
            out.println("Page and charts: " + page.resolve("compare.md"));
        }
        if (json != null) {
            figures.writeJson(json);
        }
        long broken = figures.rows().stream().filter(row -> !row.ok()).count();
        out.println(Ansi.AUTO.string(
                broken == 0 ? "@|bold,green Every promise held.|@" : "@|bold,red Broken promises: " + broken + "|@"));
    }

    private Map<String, String> facts(Cores cores) throws IOException, InterruptedException {
        Map<String, String> facts = Machine.facts(
                "./perf/compare " + commandWords() + "--seconds " + seconds + " --rounds " + rounds, cores);
        return facts;
    }

    private String commandWords() {
        List<String> words = new ArrayList<>(names);
        if (!only.isEmpty()) {
            words.add("--only " + String.join(",", only));
        }
        return words.stream().map(word -> word + " ").collect(Collectors.joining());
    }

    private void endOnSignal(Scratch scratch) {
        // Also at an ordinary end, when there is nothing left to do.
        interrupted = true;
        scratch.close();
    }
}
