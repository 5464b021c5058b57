package io.penstock.perf.udp;

import io.penstock.perf.Figures;
import io.penstock.perf.PageOptions;
import io.penstock.perf.compare.Machine;
import io.penstock.perf.compare.StatusLine;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.LoopbackPorts;
import io.penstock.perf.rig.RunDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

/** The command: packets and CPU time of UDP through us, through nginx and without a proxy. */
@Command(
        name = "compare udp",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compares UDP through the forwarder with nginx and no proxy, on loopback. HAProxy forwards no UDP. "
                    + "Exit code 1: a promise is broken.",
            "Shapes: bulk, bulk-gso, query, session; all of them without a word."
        })
public final class CompareUdp implements Callable<Integer> {
    private static final List<Integer> SIZES = List.of(64, 512, 1400);

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SHAPE", arity = "0..*", description = "how clients send")
    private List<String> names = new ArrayList<>();

    @Option(names = "--quick", description = "fewer and shorter rounds: less than a minute")
    private boolean quick;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "these contestants only, for example to profile one: direct, nginx, penstock")
    private List<String> only = List.of(Contestant.DIRECT, Contestant.NGINX, Contestant.OURS);

    @Option(names = "--rounds", paramLabel = "N", description = "of each measurement (default: 5, --quick 2)")
    private Integer rounds;

    @Mixin
    private PageOptions pages = new PageOptions();

    @Option(names = "--forwarder", paramLabel = "FILE", required = true, hidden = true)
    private Path launcher;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final StatusLine status = new StatusLine();

    public static void main(String[] args) {
        System.exit(new CommandLine(new CompareUdp()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Shape> shapes = shapes();
        checkArguments();
        try (RunDirectory directory = RunDirectory.create("penstock-udp")) {
            Cores cores = Cores.available();
            cores.pinThisProcess();
            Map<String, String> facts = facts(cores);
            facts.forEach((name, value) -> out.printf("  %-8s %s%n", name, value));
            List<CellResult> results = measure(shapes, directory.path(), cores);
            status.clear();
            if (directory.isClosed()) {
                return CommandLine.ExitCode.SOFTWARE;
            }
            facts.put("Load at the end", Machine.loadAverage());
            return finish(results, facts);
        }
    }

    private List<Shape> shapes() {
        List<String> known = Arrays.stream(Shape.values()).map(Shape::label).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new ParameterException(spec.commandLine(), "no such shape: '" + name + "'");
            }
        }
        return Arrays.stream(Shape.values())
                .filter(shape -> names.isEmpty() || names.contains(shape.label()))
                .toList();
    }

    private void checkArguments() {
        for (String name : only) {
            if (!Set.of(Contestant.DIRECT, Contestant.NGINX, Contestant.OURS).contains(name)) {
                throw new ParameterException(spec.commandLine(), "no such contestant: '" + name + "'");
            }
        }
        if (rounds != null && (rounds < 1 || rounds > 1_000)) {
            throw new ParameterException(spec.commandLine(), "--rounds must be 1 to 1000 (was " + rounds + ")");
        }
        pages.check();
        if (!Files.isExecutable(launcher)) {
            throw new ParameterException(spec.commandLine(), launcher + " cannot be run; is the forwarder built?");
        }
    }

    private List<CellResult> measure(List<Shape> shapes, Path directory, Cores cores)
            throws IOException, InterruptedException {
        List<Integer> backends = LoopbackPorts.pick(2);
        List<Contestant> contestants = new ArrayList<>();
        try (Rig rig = Rig.start(backends.get(0), backends.get(1), directory, cores)) {
            for (String name : only) {
                status.show("starting " + name);
                contestants.add(start(name, backends.get(0), backends.get(1), directory, cores));
            }
            Measurer measurer = new Measurer(rig, contestants, lengths(), directory, status::show);
            List<CellResult> results = new ArrayList<>();
            for (Shape shape : shapes) {
                measurer.warmUp(shape);
                for (int size : SIZES) {
                    results.add(measurer.measure(shape, size));
                }
            }
            return results;
        } finally {
            contestants.forEach(Contestant::close);
        }
    }

    private Contestant start(String name, int backendPort, int groupedPort, Path directory, Cores cores)
            throws IOException, InterruptedException {
        return switch (name) {
            case Contestant.DIRECT -> Contestant.direct(Site.direct(backendPort, groupedPort));
            case Contestant.NGINX -> Contestant.nginx(Site.before(backendPort, groupedPort), directory, cores);
            default -> Contestant.penstock(launcher, Site.before(backendPort, groupedPort), directory, cores);
        };
    }

    private Lengths lengths() {
        Lengths lengths = quick ? Lengths.QUICK : Lengths.FULL;
        return rounds == null
                ? lengths
                : new Lengths(rounds, lengths.shapeWarmUpMs(), lengths.warmUpMs(), lengths.measureMs());
    }

    private int finish(List<CellResult> results, Map<String, String> facts) throws IOException {
        for (var table : Report.tables(results)) {
            out.println();
            table.text().forEach(line -> out.println(coloured(line)));
        }
        Path page = pages.page("udp-compare.md");
        Report.write(page, results, facts);
        out.println();
        out.println("Page: " + page);
        Figures figures = Report.figures(results);
        pages.write(figures);
        long broken = figures.rows().stream().filter(row -> !row.ok()).count();
        out.println(Ansi.AUTO.string(
                broken == 0 ? "@|bold,green Every promise held.|@" : "@|bold,red Broken promises: " + broken + "|@"));
        return figures.exitCode();
    }

    private Map<String, String> facts(Cores cores) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("./perf/compare udp"));
        words.addAll(names);
        words.addAll(spec.commandLine().getParseResult().matchedOptions().stream()
                .filter(option -> !option.hidden())
                .map(option -> option.longestName()
                        + (option.arity().max() == 0 ? "" : " " + String.join(",", option.originalStringValues())))
                .toList());
        Map<String, String> facts = Machine.facts(String.join(" ", words), cores);
        facts.keySet().removeAll(Set.of("wrk", "iperf3"));
        facts.put("HAProxy", "forwards no UDP");
        facts.put("Load at the start", Machine.loadAverage());
        return facts;
    }

    private static String coloured(String line) {
        return line.endsWith(Report.BROKEN)
                ? line.substring(0, line.length() - Report.BROKEN.length()) + Ansi.AUTO.string("@|bold,red BROKEN|@")
                : line;
    }
}
