package io.penstock.perf.lab.demo;

import java.io.PrintStream;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** What happened when, a line each, in seconds since the beginning. */
final class Timeline {
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintStream out;
    private final long startNs = System.nanoTime();

    Timeline(PrintStream out) {
        this.out = out;
    }

    void title(String text) {
        out.println();
        out.println(Ansi.AUTO.string("@|bold " + text + "|@"));
    }

    void now(String text) {
        at(System.nanoTime(), text);
    }

    void at(long atNs, String text) {
        out.println(String.format(Locale.ROOT, "%9.3f s  %s", (atNs - startNs) / NANOS_PER_SECOND, text));
    }
}
