package io.penstock.forwarder.it.adversary;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code scripts/adversary} runs. */
@Command(
        name = "adversary",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description =
                "Plays scripts of two TCP peers through a forwarder, and looks whether each saw what it would have"
                        + " seen without one. Exit code 1 when not.")
final class AdversaryMain implements Callable<Integer> {
    private static final long PROGRESS_EVERY_NS = 5_000_000_000L;

    @Option(names = "--scripts", paramLabel = "N", defaultValue = "100000", description = "how many (${DEFAULT-VALUE})")
    private long scripts;

    @Option(names = "--seed", paramLabel = "S", description = "the same seed is the same scripts (random)")
    private Long seed;

    @Option(names = "--replay", paramLabel = "LINE", description = "this script only, N times")
    private String replay;

    private final PrintStream out = System.out;
    private long nextProgressNs;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new AdversaryMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("adversary");
        try (Adversary adversary = new Adversary(directory, this::onScript)) {
            return replay != null ? replay(adversary, Script.parse(replay)) : play(adversary);
        } finally {
            delete(directory);
        }
    }

    private int play(Adversary adversary) throws Exception {
        long usedSeed = seed != null ? seed : ThreadLocalRandom.current().nextLong(1L << 32);
        out.println("seed " + usedSeed + ", " + scripts + " scripts, " + Adversary.IN_FLIGHT + " at a time");
        long startNs = System.nanoTime();
        nextProgressNs = startNs + PROGRESS_EVERY_NS;
        List<Failure> failures = adversary.play(new ScriptGenerator(usedSeed)::script, scripts);
        out.println(adversary.tally());
        if (!failures.isEmpty()) {
            report(adversary, failures.get(0));
            return 1;
        }
        adversary.problems().forEach(problem -> out.println("FAILED: " + problem));
        out.println("forwarder: " + adversary.target().totals());
        out.println("left open: " + adversary.target().kernelObjects());
        out.println("in " + (System.nanoTime() - startNs) / 1_000_000_000 + " s, seed " + usedSeed);
        return adversary.problems().isEmpty() ? 0 : 1;
    }

    private void report(Adversary adversary, Failure failure) {
        out.println("FAILED: " + failure);
        out.println("looking for a shorter script that fails too");
        out.println("replay: scripts/adversary --replay '" + adversary.shrink(failure.script()) + "'");
    }

    private int replay(Adversary adversary, Script script) {
        Failure failure = adversary.replay(script, scripts);
        out.println(failure == null ? "held " + scripts + " times" : "FAILED: " + failure);
        return failure == null ? 0 : 1;
    }

    private void onScript(Tally tally) {
        long nowNs = System.nanoTime();
        if (nowNs >= nextProgressNs) {
            nextProgressNs = nowNs + PROGRESS_EVERY_NS;
            out.println(tally.scripts() + " of " + scripts);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
