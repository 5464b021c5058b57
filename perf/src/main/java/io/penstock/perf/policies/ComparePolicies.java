package io.penstock.perf.policies;

import io.penstock.perf.Figures;
import io.penstock.perf.compare.Machine;
import io.penstock.perf.compare.StatusLine;
import io.penstock.perf.policies.loopback.Balancer;
import io.penstock.perf.policies.loopback.HaproxyBalancer;
import io.penstock.perf.policies.loopback.LoopbackRun;
import io.penstock.perf.policies.loopback.PenstockBalancer;
import io.penstock.perf.policies.scenario.Contestant;
import io.penstock.perf.policies.scenario.Outcome;
import io.penstock.perf.policies.sim.Simulation;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.RunDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command: simulates all policies, then runs them behind real proxies, prints both, writes the page and the rows. */
@Command(
        name = "policies",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Compares the balancing policies with one slow and one flapping backend of eight, simulated and on "
                        + "loopback. Exit code 1: a promise is broken.")
public final class ComparePolicies implements Callable<Integer> {
    private static final String PAGE = "policies.md";
    private static final double LAG_NOTED_MS = 5;
    private static final List<String> HAPROXY_POLICIES = List.of("roundrobin", "leastconn");

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the figures to FILE")
    private Path json;

    @Option(names = "--keep", description = "write the page to l4-forwarder/docs instead of perf/target")
    private boolean keep;

    @Option(
            names = "--quick",
            description = "less than a minute; on loopback nothing is promised about times and the slow backend")
    private boolean quick;

    @Option(names = "--forwarder", paramLabel = "FILE", required = true, hidden = true)
    private Path launcher;

    @Option(names = "--root", paramLabel = "DIR", required = true, hidden = true)
    private Path root;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final StatusLine status = new StatusLine();
    private final Figures figures = new Figures();

    public static void main(String[] args) {
        System.exit(new CommandLine(new ComparePolicies()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path page = root.resolve(keep ? "l4-forwarder/docs" : "perf/target").resolve(PAGE);
        requireWritable(page);
        if (json != null) {
            requireWritable(json);
        }
        if (!Files.isExecutable(launcher)) {
            throw new ParameterException(spec.commandLine(), launcher + " cannot be run; is the forwarder built?");
        }
        Lengths lengths = quick ? Lengths.QUICK : Lengths.FULL;
        Cores cores = Cores.available();
        Map<String, String> facts = facts(cores);
        facts.forEach((name, value) -> out.printf("  %-8s %s%n", name, value));
        Promises promises = new Promises(figures);
        try (RunDirectory directory = RunDirectory.create("penstock-policies")) {
            status.show("simulating");
            Map<String, Outcome> simulation = simulate(lengths);
            Map<String, Outcome> again = simulate(lengths);
            long differing = simulation.keySet().stream()
                    .filter(name -> !simulation.get(name).equals(again.get(name)))
                    .count();
            status.clear();
            promises.judgeSimulation(simulation, differing);
            print("In simulated time", simulation);
            cores.pinThisProcess();
            Map<String, Outcome> loopback = measure(new LoopbackRun(
                    lengths.scenario(),
                    cores,
                    directory.path(),
                    lengths.loopbackWarmUpNs(),
                    lengths.loopbackNs(),
                    lengths.settleNs()));
            if (directory.isClosed()) {
                return CommandLine.ExitCode.SOFTWARE;
            }
            promises.judgeLoopback(loopback, !quick);
            print("On loopback", loopback);
            double lagMs = loopback.values().stream()
                    .mapToDouble(Outcome::lagP99Ms)
                    .max()
                    .orElse(0);
            if (lagMs > LAG_NOTED_MS) {
                out.printf(
                        "  The machine was busy: clients were up to %.0f ms late (p99), times include that.%n", lagMs);
            }
            Files.writeString(page, new Page(facts, new Results(simulation, loopback), figures).text());
        }
        finish(page);
        return figures.exitCode();
    }

    /** Known before minutes are spent. */
    private void requireWritable(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        boolean writable = Files.exists(file)
                ? !Files.isDirectory(file) && Files.isWritable(file)
                : Files.isDirectory(directory) && Files.isWritable(directory);
        if (!writable) {
            throw new ParameterException(spec.commandLine(), file + " cannot be written");
        }
    }

    /** On all cores; the runs know nothing of each other. */
    private static Map<String, Outcome> simulate(Lengths lengths) {
        List<Contestant> all = Contestant.all();
        List<Outcome> outcomes = all.parallelStream()
                .map(contestant -> new Simulation(
                                lengths.scenario(), contestant, lengths.simulatedWarmUpNs(), lengths.simulatedNs())
                        .run())
                .toList();
        Map<String, Outcome> byName = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            byName.put(all.get(i).name(), outcomes.get(i));
        }
        return byName;
    }

    private Map<String, Outcome> measure(LoopbackRun run) throws InterruptedException {
        List<Balancer> balancers = new ArrayList<>();
        Contestant.all().forEach(contestant -> balancers.add(new PenstockBalancer(launcher, contestant)));
        if (HaproxyBalancer.isInstalled()) {
            HAPROXY_POLICIES.forEach(policy -> balancers.add(new HaproxyBalancer(policy)));
        }
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (Balancer balancer : balancers) {
            status.show("running " + balancer.name());
            try {
                outcomes.put(balancer.name(), run.run(balancer));
            } catch (IOException e) {
                status.clear();
                out.println(Ansi.AUTO.string("@|bold,red " + balancer.name() + " failed|@  ") + e.getMessage());
            }
        }
        status.clear();
        return outcomes;
    }

    private void print(String title, Map<String, Outcome> outcomes) {
        out.println();
        out.println(Ansi.AUTO.string("@|bold " + title + "|@"));
        OutcomeTable.of(outcomes).text().forEach(out::println);
    }

    private void finish(Path page) throws IOException {
        out.println();
        out.println("Page: " + page);
        if (json != null) {
            figures.writeJson(json);
        }
        List<Figures.Row> broken =
                figures.rows().stream().filter(row -> !row.ok()).toList();
        for (Figures.Row row : broken) {
            out.println(Ansi.AUTO.string("@|bold,red BROKEN|@  ") + row.name() + ": " + row.value() + " " + row.unit()
                    + ", promised " + row.goal());
        }
        if (broken.isEmpty()) {
            out.println(Ansi.AUTO.string("@|bold,green Every promise held.|@"));
        }
    }

    private Map<String, String> facts(Cores cores) throws IOException, InterruptedException {
        Map<String, String> facts = Machine.facts("./perf/policies" + (quick ? " --quick" : ""), cores);
        facts.keySet().removeAll(List.of("nginx", "wrk", "iperf3"));
        return facts;
    }
}
