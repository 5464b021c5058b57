package io.penstock.perf.scrape;

import io.penstock.perf.Figures;
import io.penstock.perf.rig.ForwarderProcess;
import io.penstock.perf.rig.LoopbackPorts;
import io.penstock.perf.rig.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** Scrapes a forwarder with many services and backends while it carries traffic, and looks what the traffic notices. */
@Command(
        name = "scrape",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Time of a scrape of everything under load, and how late workers' loops are before and meanwhile.")
public final class Scrape implements Callable<Integer> {
    /** The promises, for 1,000 backends and 50 services. */
    private static final double GOAL_SCRAPE_MS = 50;

    /** A worker that a scrape stalled would be late by much of the scrape's time. */
    private static final double GOAL_LATE_P99_MS = 2;

    private static final int WARM_UP_SCRAPES = 60;
    private static final int QUESTIONS_PER_SECOND = 5_000;
    private static final int CLIENTS_OF_EACH_SERVICE = 2;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MEDIAN = 50;
    private static final double NINE_IN_TEN = 90;
    private static final double NEARLY_ALL = 99;

    @Option(
            names = "--services",
            paramLabel = "N",
            defaultValue = "50",
            description = "each with a pool of its own (default: ${DEFAULT-VALUE})")
    private int services;

    @Option(
            names = "--backends",
            paramLabel = "N",
            defaultValue = "20",
            description = "of each pool, at most 250 (default: ${DEFAULT-VALUE})")
    private int backends;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "25",
            description = "of traffic without scrapes, and as many with one each second; at least 21 for a whole window"
                    + " of the forwarder's (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the figures to FILE")
    private Path json;

    @Option(names = "--forwarder", paramLabel = "FILE", required = true, description = "the forwarder's launcher")
    private Path launcher;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Scrape()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        System.out.printf(
                "%,d services, %,d backends, %,d questions a second%n",
                services, services * backends, QUESTIONS_PER_SECOND);
        Figures figures = new Figures();
        List<Integer> ports = LoopbackPorts.pick(services + 2);
        int admin = ports.get(services);
        List<Integer> listeners = ports.subList(0, services);
        try (RunDirectory directory = RunDirectory.create("penstock-scrape");
                EchoServers servers = new EchoServers(backends, ports.get(services + 1))) {
            Path config = Files.writeString(
                    directory.path().resolve("forwarder.yaml"),
                    ManyServices.yaml(listeners, admin, backends, servers.port()));
            Path log = directory.path().resolve("forwarder.log");
            try (ForwarderProcess forwarder = ForwarderProcess.start(launcher, config, log, listeners.get(0))) {
                if (!forwarder.awaitRunning()) {
                    forwarder.logTail(20).forEach(System.out::println);
                    return 1;
                }
                measure(listeners, admin, figures);
            }
        }
        figures.print(System.out, Ansi.AUTO);
        if (json != null) {
            figures.writeJson(json);
        }
        return figures.exitCode();
    }

    private void measure(List<Integer> listeners, int admin, Figures figures) throws IOException {
        for (int port : listeners) {
            Traffic.visit(port, 2 * backends);
        }
        try (Traffic traffic = new Traffic(listeners, CLIENTS_OF_EACH_SERVICE);
                Scraper scraper = new Scraper(admin)) {
            CompletableFuture<Histogram> warmUp =
                    CompletableFuture.supplyAsync(() -> scrape(scraper, WARM_UP_SCRAPES, 0));
            while (!warmUp.isDone()) {
                traffic.run(QUESTIONS_PER_SECOND, TimeUnit.SECONDS.toNanos(1));
            }
            warmUp.join();

            traffic.run(QUESTIONS_PER_SECOND, TimeUnit.SECONDS.toNanos(seconds));
            report("before", traffic, scraper, figures);

            CompletableFuture<Histogram> scrapes =
                    CompletableFuture.supplyAsync(() -> scrape(scraper, seconds, TimeUnit.SECONDS.toNanos(1)));
            traffic.run(QUESTIONS_PER_SECOND, TimeUnit.SECONDS.toNanos(seconds));
            Histogram times = scrapes.join();
            figures.report("scrape.bytes", scraper.bytes(), "B");
            figures.report(
                    "scrape.series",
                    (double) scraper.text()
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .count(),
                    "");
            Lateness during = report("during", traffic, scraper, figures);
            figures.atMost("scrape.median", times.getValueAtPercentile(MEDIAN) / NANOS_PER_MILLI, "ms", GOAL_SCRAPE_MS);
            figures.report("scrape.p90", times.getValueAtPercentile(NINE_IN_TEN) / NANOS_PER_MILLI, "ms");
            figures.report("scrape.worst", times.getMaxValue() / NANOS_PER_MILLI, "ms");
            figures.atMost("during.late.p99", during.p99Ms(), "ms", GOAL_LATE_P99_MS);
        }
    }

    /** @param pauseNs from the start of one to the start of the next, at least */
    private static Histogram scrape(Scraper scraper, int count, long pauseNs) {
        Histogram times = new Histogram(3);
        long startNs = System.nanoTime();
        try {
            for (int i = 0; i < count; i++) {
                long aheadNs = startNs + i * pauseNs - System.nanoTime();
                if (aheadNs > 0) {
                    TimeUnit.NANOSECONDS.sleep(aheadNs);
                }
                times.recordValue(scraper.timeNs("/metrics"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return times;
    }

    private static Lateness report(String when, Traffic traffic, Scraper scraper, Figures figures) throws IOException {
        Histogram times = traffic.times();
        scraper.timeNs("/v1/workers");
        Lateness lateness = Lateness.of(scraper.text());
        figures.report(when + ".turns", (double) lateness.turns(), "");
        figures.report(when + ".late.p99", lateness.p99Ms(), "ms");
        figures.report(when + ".late.worst", lateness.maxMs(), "ms");
        figures.report(when + ".answer.p99", times.getValueAtPercentile(NEARLY_ALL) / NANOS_PER_MILLI, "ms");
        figures.report(when + ".answer.worst", times.getMaxValue() / NANOS_PER_MILLI, "ms");
        figures.report(when + ".unanswered", (double) traffic.unanswered(), "");
        return lateness;
    }
}
