package io.penstock.forwarder;

import io.penstock.forwarder.balance.Disruption;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints a {@link MaglevReport} for people. */
final class MaglevText {
    private final PrintWriter out;

    MaglevText(PrintWriter out) {
        this.out = out;
    }

    void print(MaglevReport report) {
        int width =
                report.rows().stream().mapToInt(row -> row.backend().length()).reduce("BACKEND".length(), Math::max);
        boolean removes = !report.removed().isEmpty();
        line("pool %s: table of %d slots", report.pool(), report.tableSize());
        line(
                "  %-" + width + "s %7s %11s %11s %11s" + (removes ? " %11s" : ""),
                "BACKEND",
                "WEIGHT",
                "SHARE",
                "WANTED",
                "OFF BY",
                "WITHOUT");
        for (MaglevReport.Row row : report.rows()) {
            line(
                    "  %-" + width + "s %7d %11s %11s %11s" + (removes ? " %11s" : ""),
                    row.backend(),
                    row.weight(),
                    percent(row.share()),
                    percent(row.wanted()),
                    row.weight() == 0 ? "-" : String.format(Locale.ROOT, "%+.3f %%", 100 * row.offBy()),
                    report.removed().contains(row.backend()) ? "-" : percent(row.without()));
        }
        if (report.isCoarse()) {
            line("  note: fewer than 100 slots a backend; a larger table-size brings shares within 1 %%");
        }
        if (report.hasNames()) {
            line("  note: names are not resolved here; running, each address of a name is a backend with its weight");
        }
        if (removes) {
            printRemoval(report);
        }
        out.flush();
    }

    private void printRemoval(MaglevReport report) {
        Disruption change = report.change();
        double slots = change.slots();
        line("  without %s, which had %s:", String.join(", ", report.removed()), percent(report.removedShare()));
        if (report.leavesNobody()) {
            line("    nobody is left: every new connection would be refused");
            return;
        }
        line("    %10s of new flows change backend:", percent(change.moved() / slots));
        line("    %10s unavoidably, as their backend is gone", percent(change.unavoidable() / slots));
        line("    %10s needlessly", percent(change.needless() / slots));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.3f %%", 100 * share);
    }

    private void line(String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments).stripTrailing());
    }
}
