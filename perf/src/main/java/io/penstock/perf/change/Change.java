package io.penstock.perf.change;

import io.penstock.perf.Figures;
import io.penstock.perf.PageOptions;
import io.penstock.perf.compare.Machine;
import io.penstock.perf.compare.StatusLine;
import io.penstock.perf.compare.Tools;
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

/** The command: changes a forwarder under load in all ways, and attacks it. */
@Command(
        name = "change",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Reloads, hand-overs, drains and attacks under load; reloads and hand-overs beside HAProxy's. "
                    + "Exit code 1: a promise is broken.",
            "Scenarios: reload, hand-over, drain, attack; all of them without a word. "
                    + "Parts of attack: flood, slow-open, descriptors, malformed."
        })
public final class Change implements Callable<Integer> {
    private static final String ATTACK = "attack";
    private static final Map<String, Scenario> ATTACKS = new LinkedHashMap<>();
    private static final Map<String, Scenario> SCENARIOS = new LinkedHashMap<>();

    static {
        ATTACKS.put("flood", new SourceFlood());
        ATTACKS.put("slow-open", new SlowOpen());
        ATTACKS.put("descriptors", new DescriptorLimit());
        ATTACKS.put("malformed", new MalformedProxyHeaders());
        SCENARIOS.put("reload", new ReloadScenario());
        SCENARIOS.put("hand-over", new HandOverScenario());
        SCENARIOS.put("drain", new DrainScenario());
        SCENARIOS.putAll(ATTACKS);
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SCENARIO", arity = "0..*", description = "what is done to the forwarder")
    private List<String> words = new ArrayList<>();

    @Option(names = "--quick", description = "less of everything: a minute and a half")
    private boolean quick;

    @Mixin
    private PageOptions pages = new PageOptions();

    @Option(names = "--forwarder", paramLabel = "FILE", required = true, hidden = true)
    private Path launcher;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final StatusLine status = new StatusLine();
    private final List<Findings> found = new ArrayList<>();
    private final Map<String, String> failed = new LinkedHashMap<>();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Change()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Set<String> names = scenarios();
        checkArguments();
        try (RunDirectory directory = RunDirectory.create("penstock-change")) {
            Cores cores = Cores.available();
            cores.pinThisProcess();
            Map<String, String> facts = facts(cores);
            facts.forEach((name, value) -> out.printf("  %-8s %s%n", name, value));
            Rig rig = new Rig(launcher, directory.path(), cores, quick ? Lengths.QUICK : Lengths.FULL, status::show);
            for (String name : names) {
                run(name, rig);
                if (directory.isClosed()) {
                    return CommandLine.ExitCode.SOFTWARE;
                }
            }
            return finish(facts);
        }
    }

    /** The names, in the order of the page. */
    private Set<String> scenarios() {
        Set<String> wanted = new LinkedHashSet<>();
        for (String word : words) {
            if (word.equals(ATTACK)) {
                wanted.addAll(ATTACKS.keySet());
            } else if (SCENARIOS.containsKey(word)) {
                wanted.add(word);
            } else {
                throw new ParameterException(spec.commandLine(), "no such scenario: '" + word + "'");
            }
        }
        Set<String> ordered = new LinkedHashSet<>(SCENARIOS.keySet());
        if (!wanted.isEmpty()) {
            ordered.retainAll(wanted);
        }
        return ordered;
    }

    private void checkArguments() {
        if (!Files.isExecutable(launcher)) {
            throw new ParameterException(spec.commandLine(), launcher + " cannot be run; is the forwarder built?");
        }
        if (Tools.find("haproxy").isEmpty()) {
            throw new ParameterException(spec.commandLine(), "haproxy is not installed");
        }
        pages.check();
    }

    /** What could not be measured breaks the promise. */
    private void run(String name, Rig rig) throws InterruptedException {
        try {
            List<Findings> findings = SCENARIOS.get(name).run(rig);
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
        Path page = pages.page("change.md");
        Report.write(page, "Change without loss", "change-without-loss", found, failed, facts);
        out.println();
        out.println("Page: " + page);
        pages.write(figures);
        out.println(Ansi.AUTO.string(
                figures.allOk() ? "@|bold,green Every promise held.|@" : "@|bold,red A promise is broken.|@"));
        return figures.exitCode();
    }

    private Map<String, String> facts(Cores cores) throws IOException, InterruptedException {
        Map<String, String> facts = Machine.facts(
                ("./perf/change " + String.join(" ", words) + (quick ? " --quick" : ""))
                        .replaceAll(" +", " ")
                        .trim(),
                cores);
        // Those of other measurements.
        facts.keySet().removeAll(Set.of("nginx", "wrk", "iperf3"));
        return facts;
    }
}
