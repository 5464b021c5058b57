package io.penstock.perf.demo;

import io.penstock.perf.Figures;
import io.penstock.perf.demo.FlowResult.End;
import io.penstock.perf.demo.Kill.Verdict;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Help.Ansi;

/** What all clients saw, judged and summed up per backend. NOT thread safe. */
final class DemoReport {
    /** Connections that failed before any backend had said its name. */
    static final String NO_BACKEND = "(none answered)";

    private static final long HIGHEST_LATENCY_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int LATENCY_DIGITS = 3;
    private static final int PROBLEMS_SHOWN_MAX = 5;

    private final Kill kill;
    private final long returnedNs;
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Row total = new Row("total");
    private final List<String> problems = new ArrayList<>();
    private int corrupted;
    private int whileDown;
    private long firstAfterReturnNs = Long.MAX_VALUE;

    /** One line of the table. */
    private static final class Row {
        private final String name;
        private final Histogram latencyNs = new Histogram(HIGHEST_LATENCY_NS, LATENCY_DIGITS);
        private long connections;
        private long bytes;
        private int killed;
        private int lost;

        Row(String name) {
            this.name = name;
        }

        void add(FlowResult result, Verdict verdict) {
            connections++;
            bytes += result.echoedBytes();
            if (result.helloNs() > 0) {
                latencyNs.recordValue(Math.min(result.helloNs(), HIGHEST_LATENCY_NS));
            }
            switch (verdict) {
                case OK -> {}
                case WAS_ON_KILLED_BACKEND -> killed++;
                case LOST, CORRUPTED -> lost++;
            }
        }
    }

    /** @param returnedNs when the killed backend listened again */
    DemoReport(List<String> backends, List<FlowResult> results, Kill kill, long returnedNs) {
        this.kill = kill;
        this.returnedNs = returnedNs;
        for (String backend : backends) {
            rows.put(backend, new Row(backend));
        }
        Kill.Judge judge = new Kill.Judge(kill);
        for (FlowResult result : results) {
            add(result, judge.judge(result));
        }
    }

    private void add(FlowResult result, Verdict verdict) {
        String backend = result.backend() == null ? NO_BACKEND : result.backend();
        rows.computeIfAbsent(backend, Row::new).add(result, verdict);
        total.add(result, verdict);
        if (verdict == Verdict.CORRUPTED) {
            corrupted++;
        }
        if (verdict == Verdict.LOST || verdict == Verdict.CORRUPTED) {
            problems.add("connection " + result.id() + ", " + backend + ": " + result.problem());
        }
        if (backend.equals(kill.backend())) {
            if (kill.wasDownAtStartOf(result, returnedNs)) {
                whileDown++;
            }
            if (result.end() == End.OK && result.startNs() >= returnedNs) {
                firstAfterReturnNs = Math.min(firstAfterReturnNs, result.endNs());
            }
        }
    }

    /** Adds what was promised about the clients. */
    void promise(Figures figures, int backendCorrupted, int unfinished) {
        List<Row> backends = rows.values().stream()
                .filter(row -> !row.name.equals(NO_BACKEND))
                .toList();
        List<Row> served = backends.stream().filter(row -> row.connections > 0).toList();
        figures.exactly("failures of flows not on the killed backend", total.lost + unfinished, "", 0)
                .exactly("corrupted payloads, seen from either end", corrupted + backendCorrupted, "", 0)
                .exactly("backends with traffic", served.size(), "", backends.size())
                .exactly("connections to the killed backend while down", whileDown, "", 0)
                .report("flows on the killed backend when it died", total.killed, "")
                .report("latency, p50", ms(total.latencyNs.getValueAtPercentile(50)), "ms")
                .report("latency, p99", ms(total.latencyNs.getValueAtPercentile(99)), "ms")
                .report("latency, max", ms(total.latencyNs.getMaxValue()), "ms");
    }

    /** From the return of the killed backend to the end of its first connection; infinite when there was none. */
    double backInTrafficMs() {
        return firstAfterReturnNs == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : ms(firstAfterReturnNs - returnedNs);
    }

    void print(PrintStream out, Ansi ansi) {
        out.println(ansi.string("@|bold " + heading() + "|@"));
        for (Row row : rows.values()) {
            out.println(
                    ansi.string(line(row, row.name.equals(kill.backend()) ? "  @|yellow killed, came back|@" : "")));
        }
        // Styles do not nest, and what failed matters more than that this is the sum.
        String sum = line(total, "");
        out.println(ansi.string(total.lost > 0 ? sum : "@|bold " + sum + "|@"));
        out.println("  latency: from the client's connect to the name of its backend, through the forwarder");
        for (String problem : problems.subList(0, Math.min(PROBLEMS_SHOWN_MAX, problems.size()))) {
            // Not through ansi: a message may hold anything.
            out.println("  failed: " + problem);
        }
        if (problems.size() > PROBLEMS_SHOWN_MAX) {
            out.println("  failed: and " + (problems.size() - PROBLEMS_SHOWN_MAX) + " more");
        }
    }

    private static String heading() {
        return String.format(
                "  %-16s %11s %7s %10s %15s %15s %8s %8s %8s",
                "backend",
                "connections",
                "share",
                "MiB echoed",
                "failed: killed",
                "failed: other",
                "p50 ms",
                "p99 ms",
                "max ms");
    }

    private String line(Row row, String note) {
        String killed = String.format("%,15d", row.killed);
        String lost = String.format("%,15d", row.lost);
        return String.format(
                        Locale.ROOT,
                        "  %-16s %,11d %6.1f%% %,10.1f %s %s %8.2f %8.2f %8.2f",
                        row.name,
                        row.connections,
                        100.0 * row.connections / Math.max(1, total.connections),
                        row.bytes / (double) (1 << 20),
                        killed,
                        row.lost > 0 ? "@|bold,red " + lost + "|@" : lost,
                        ms(row.latencyNs.getValueAtPercentile(50)),
                        ms(row.latencyNs.getValueAtPercentile(99)),
                        ms(row.latencyNs.getMaxValue()))
                + note;
    }

    private static double ms(long ns) {
        return ns / 1e6;
    }
}
