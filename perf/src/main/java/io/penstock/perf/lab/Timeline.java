package io.penstock.perf.lab;

import java.io.PrintStream;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** What happened when, a line each, in seconds since the beginning. */
public final class Timeline {
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintStream out;
    private final long startNs = System.nanoTime();

    public Timeline(PrintStream out) {
        this.out = out;
    }

    public void title(String text) {
        out.println();
        out.println(Ansi.AUTO.string("@|bold " + text + "|@"));
    }

    public void now(String text) {
        at(System.nanoTime(), text);
    }

    public void at(long atNs, String text) {
        out.println(String.format(Locale.ROOT, "%9.3f s  %s", (atNs - startNs) / NANOS_PER_SECOND, text));
    }
}
