package io.penstock.perf.failures;

import io.penstock.perf.Figures;
import io.penstock.perf.PageOptions;
import io.penstock.perf.compare.Machine;
import io.penstock.perf.compare.StatusLine;
import io.penstock.perf.compare.TextTable;
import io.penstock.perf.compare.Tools;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.LoopbackPorts;
import io.penstock.perf.rig.Scratch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command: breaks a backend in all ways, under both balancers in turn, and compares. */
@Command(
        name = "failures",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Real failures of one of four backends behind the forwarder and behind HAProxy at the same settings. "
                    + "Exit code 1: somewhere we are worse.",
            "Failures: killed, refusing, stopped, blackholed, silent, resetting; all of them without a word."
        })
public final class Failures implements Callable<Integer> {
    private static final int BACKENDS = 4;
    private static final int ROUNDS_MAX = 99;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FAILURE", arity = "0..*", description = "what happens to the backend")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--settings",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "http,http-passive",
            description = "how failures are found: tcp, tcp-passive, http, http-passive (default: ${DEFAULT-VALUE})")
    private List<String> settingsNames;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "each with both balancers (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--quick", description = "one round")
    private boolean quick;

    @Mixin
    private PageOptions pages = new PageOptions();

    @Option(names = "--forwarder", paramLabel = "FILE", required = true, hidden = true)
    private Path launcher;

    /** As {@code /proc/self/ns/net} names it; in any other one, rules of packet filtering do no harm. */
    @Option(names = "--host-network", paramLabel = "NAME", required = true, hidden = true)
    private String hostNetwork;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final StatusLine status = new StatusLine();
    private final Figures figures = new Figures();
    private final List<String> notes = new ArrayList<>();

    /** Ended from outside: what fails from now on fails because of that. */
    private volatile boolean interrupted;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Failures()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Set<Failure> failures = named(names, Failure::named, "failure", EnumSet.allOf(Failure.class));
        Set<Settings> settings = named(settingsNames, Settings::named, "settings", EnumSet.noneOf(Settings.class));
        checkArguments();
        try (Scratch scratch = Scratch.create("penstock-failures")) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> endOnSignal(scratch), "failures-end"));
            Cores cores = Cores.available();
            cores.pinThisProcess();
            Map<String, String> facts = facts(cores);
            facts.forEach((name, value) -> out.printf("  %-8s %s%n", name, value));
            Set<Failure> skipped = skip(failures);
            List<Comparison> comparisons = measure(failures, settings, scratch.directory(), cores);
            if (!interrupted) {
                finish(comparisons, skipped, facts);
            }
        }
        return figures.exitCode();
    }

    private <T extends Enum<T>> Set<T> named(
            List<String> labels, Function<String, Optional<T>> find, String what, EnumSet<T> byDefault) {
        EnumSet<T> found = EnumSet.copyOf(byDefault);
        if (!labels.isEmpty()) {
            found.clear();
        }
        for (String label : labels) {
            found.add(find.apply(label)
                    .orElseThrow(
                            () -> new ParameterException(spec.commandLine(), "no such " + what + ": '" + label + "'")));
        }
        return found;
    }

    private void checkArguments() {
        if (rounds < 1 || rounds > ROUNDS_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "--rounds must be 1 to " + ROUNDS_MAX + " (was " + rounds + ")");
        }
        if (quick) {
            rounds = 1;
        }
        if (!Files.isExecutable(launcher)) {
            throw new ParameterException(spec.commandLine(), launcher + " cannot be run; is the forwarder built?");
        }
        if (Tools.find("haproxy").isEmpty()) {
            throw new ParameterException(spec.commandLine(), "haproxy is not installed");
        }
        pages.check();
    }

    /** Takes out what cannot be done here, and says why. */
    private Set<Failure> skip(Set<Failure> failures) throws IOException, InterruptedException {
        Set<Failure> skipped = EnumSet.noneOf(Failure.class);
        failures.stream().filter(Failure::needsOwnNetwork).forEach(skipped::add);
        if (skipped.isEmpty()) {
            return skipped;
        }
        if (Blackhole.network().equals(hostNetwork)) {
            notes.add("Skipped what needs a network namespace, which unshare(1) could not make.");
        } else {
            try {
                Blackhole.prepare();
                return EnumSet.noneOf(Failure.class);
            } catch (IOException e) {
                notes.add("Skipped what needs nftables: " + e.getMessage());
            }
        }
        failures.removeAll(skipped);
        skipped.forEach(failure -> figures.report(failure.label() + ".skipped", 1, ""));
        return skipped;
    }

    /** What could be measured; where something went wrong, that breaks the promise. */
    private List<Comparison> measure(Set<Failure> failures, Set<Settings> settings, Path directory, Cores cores)
            throws InterruptedException {
        List<BackendProcess> backends = new ArrayList<>();
        List<Comparison> comparisons = new ArrayList<>();
        try {
            List<Integer> ports = LoopbackPorts.pick(BACKENDS + 1);
            for (int i = 1; i <= BACKENDS; i++) {
                backends.add(BackendProcess.start(new Site.Server("backend-" + i, ports.get(i)), directory));
            }
            Session session = new Session(launcher, directory, cores, ports.get(0), backends, status::show);
            for (Settings each : settings) {
                comparisons.addAll(new Rounds(session, rounds).run(each, failures));
            }
        } catch (IOException e) {
            notes.add("Failed: " + e.getMessage());
            figures.exactly("failures.measured", 0, "", 1);
        } finally {
            status.clear();
            backends.forEach(BackendProcess::close);
        }
        comparisons.sort(Comparator.comparing(Comparison::failure));
        return comparisons;
    }

    private void finish(List<Comparison> comparisons, Set<Failure> skipped, Map<String, String> facts)
            throws IOException {
        TextTable table = Report.table(comparisons, skipped);
        out.println();
        table.text().forEach(line -> out.println(coloured(line)));
        notes.forEach(note -> out.println("  " + note));
        comparisons.forEach(comparison -> comparison.report(figures));
        Path page = pages.page("failures.md");
        Report.write(page, table, notes, facts);
        out.println();
        out.println("Page: " + page);
        pages.write(figures);
        out.println(
                Ansi.AUTO.string(figures.allOk() ? "@|bold,green Nowhere worse.|@" : "@|bold,red Somewhere worse.|@"));
    }

    private static String coloured(String line) {
        int worse = line.indexOf(Report.WORSE);
        return worse < 0
                ? line
                : line.substring(0, worse) + Ansi.AUTO.string("@|bold,red " + line.substring(worse) + "|@");
    }

    private void endOnSignal(Scratch scratch) {
        // Also at an ordinary end, when there is nothing left to do.
        interrupted = true;
        scratch.close();
    }

    private Map<String, String> facts(Cores cores) throws IOException, InterruptedException {
        Map<String, String> facts = Machine.facts(
                "./perf/failures " + String.join(" ", names) + (names.isEmpty() ? "" : " ") + "--settings "
                        + String.join(",", settingsNames) + " --rounds " + rounds,
                cores);
        // Those of other measurements.
        facts.keySet().removeAll(Set.of("nginx", "wrk", "iperf3"));
        return facts;
    }
}
