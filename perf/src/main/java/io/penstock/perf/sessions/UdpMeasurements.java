package io.penstock.perf.sessions;

import io.penstock.perf.Figures;
import io.penstock.perf.PageOptions;
import io.penstock.perf.change.Findings;
import io.penstock.perf.change.Report;
import io.penstock.perf.compare.Machine;
import io.penstock.perf.compare.StatusLine;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.RunDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command: thousands of UDP sessions, a flood beside them, and backends that go. */
@Command(
        name = "udp",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "UDP through the forwarder: what sessions cost, what a flood does, what a failover loses. "
                    + "Exit code 1: a promise is broken.",
            "Scenarios: sessions, flood, failover; all of them without a word."
        })
public final class UdpMeasurements implements Callable<Integer> {
    private static final Map<String, Scenario> SCENARIOS = new LinkedHashMap<>();

    static {
        SCENARIOS.put("sessions", new SessionsScenario());
        SCENARIOS.put("flood", new FloodScenario());
        SCENARIOS.put("failover", new FailoverScenario());
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SCENARIO", arity = "0..*", description = "what is measured")
    private List<String> words = new ArrayList<>();

    @Mixin
    private PageOptions pages = new PageOptions();

    @Option(names = "--forwarder", paramLabel = "FILE", required = true, hidden = true)
    private Path launcher;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final StatusLine status = new StatusLine();
    private final List<Findings> found = new ArrayList<>();
    private final Map<String, String> failed = new LinkedHashMap<>();

    public static void main(String[] args) {
        System.exit(new CommandLine(new UdpMeasurements()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Set<String> names = scenarios();
        checkArguments();
        try (RunDirectory directory = RunDirectory.create("penstock-udp")) {
            Cores cores = Cores.available();
            cores.pinThisProcess();
            Map<String, String> facts = facts(cores);
            facts.forEach((name, value) -> out.printf("  %-8s %s%n", name, value));
            Site site = new Site(launcher, directory.path(), cores, status::show);
            for (String name : names) {
                run(name, site);
                if (directory.isClosed()) {
                    return CommandLine.ExitCode.SOFTWARE;
                }
            }
            return finish(facts);
        }
    }

    /** The names, in the order of the page. */
    private Set<String> scenarios() {
        for (String word : words) {
            if (!SCENARIOS.containsKey(word)) {
                throw new ParameterException(spec.commandLine(), "no such scenario: '" + word + "'");
            }
        }
        Set<String> ordered = new LinkedHashSet<>(SCENARIOS.keySet());
        if (!words.isEmpty()) {
            ordered.retainAll(words);
        }
        return ordered;
    }

    private void checkArguments() {
        if (!Files.isExecutable(launcher)) {
            throw new ParameterException(spec.commandLine(), launcher + " cannot be run; is the forwarder built?");
        }
        pages.check();
    }

    /** What could not be measured breaks the promise. */
    private void run(String name, Site site) throws InterruptedException {
        try {
            List<Findings> findings = SCENARIOS.get(name).run(site);
            status.clear();
            findings.forEach(each -> Report.print(out, each));
            found.addAll(findings);
        } catch (IOException e) {
            status.clear();
            out.println();
            out.println(Ansi.AUTO.string("@|bold,red " + name + " could not be measured|@: ") + e.getMessage());
            failed.put(name, e.getMessage());
        }
    }

    private int finish(Map<String, String> facts) throws IOException {
        Figures figures = Report.figures(found, failed.keySet());
        Path page = pages.page("udp.md");
        Report.write(page, "UDP sessions", "udp-sessions", found, failed, facts);
        out.println();
        out.println("Page: " + page);
        pages.write(figures);
        out.println(Ansi.AUTO.string(
                figures.allOk() ? "@|bold,green Every promise held.|@" : "@|bold,red A promise is broken.|@"));
        return figures.exitCode();
    }

    private Map<String, String> facts(Cores cores) throws IOException, InterruptedException {
        Map<String, String> facts = Machine.facts(("./perf/udp " + String.join(" ", words)).trim(), cores);
        // Those of other measurements.
        facts.keySet().removeAll(Set.of("HAProxy", "nginx", "wrk", "iperf3"));
        return facts;
    }
}
