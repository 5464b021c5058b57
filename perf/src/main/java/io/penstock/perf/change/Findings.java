package io.penstock.perf.change;

import io.penstock.perf.Figures;
import io.penstock.perf.compare.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What one scenario found: a table for people, and the same numbers as figures. NOT thread safe. */
public final class Findings {
    static final String BROKEN = "BROKEN";

    private final String name;
    private final String title;
    private final List<String> contestants;
    private final Figures figures = new Figures();
    private final TextTable table;
    private final List<String> notes = new ArrayList<>();

    /**
     * Empty.
     *
     * @param name of the scenario, with which figures begin
     * @param title for people
     * @param contestants the columns; promises are of the first
     */
    public Findings(String name, String title, List<String> contestants) {
        this.name = name;
        this.title = title;
        this.contestants = List.copyOf(contestants);
        List<String> header = new ArrayList<>(List.of(""));
        header.addAll(contestants);
        header.add("promised");
        table = new TextTable(1, header);
    }

    /** Numbers nothing is promised about, one for each contestant; NaN for one that has none. */
    public Findings report(String label, String figure, String unit, double... values) {
        add(0, figure, unit, values);
        return row(label, unit, "", values);
    }

    /** As {@link #report}, with a promise about the first. */
    public Findings exactly(double wanted, String label, String figure, String unit, double... values) {
        figures.exactly(named(0, figure), values[0], unit, wanted);
        add(1, figure, unit, values);
        return row(label, unit, verdict("= ", wanted), values);
    }

    /** As {@link #report}, with a promise about the first. */
    public Findings atMost(double limit, String label, String figure, String unit, double... values) {
        figures.atMost(named(0, figure), values[0], unit, limit);
        add(1, figure, unit, values);
        return row(label, unit, verdict("<= ", limit), values);
    }

    /** As {@link #report}, with a promise about the first. */
    public Findings atLeast(double limit, String label, String figure, String unit, double... values) {
        figures.atLeast(named(0, figure), values[0], unit, limit);
        add(1, figure, unit, values);
        return row(label, unit, verdict(">= ", limit), values);
    }

    /** A sentence below the table; none when it is empty. */
    public Findings note(String about, String text) {
        if (!text.isEmpty()) {
            notes.add(about + ": " + text + ".");
        }
        return this;
    }

    String title() {
        return title;
    }

    TextTable table() {
        return table;
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    Figures figures() {
        return figures;
    }

    private void add(int from, String figure, String unit, double... values) {
        for (int i = from; i < contestants.size(); i++) {
            // JSON has no number for what there is none of.
            if (Double.isFinite(values[i])) {
                figures.report(named(i, figure), values[i], unit);
            }
        }
    }

    private String named(int contestant, String figure) {
        return name + "." + contestants.get(contestant) + "." + figure;
    }

    /** Of the figure that was added last. */
    private String verdict(String relation, double bound) {
        List<Figures.Row> rows = figures.rows();
        boolean ok = rows.stream()
                .filter(row -> !row.goal().isEmpty())
                .reduce((earlier, later) -> later)
                .map(Figures.Row::ok)
                .orElse(true);
        return relation + number(bound) + (ok ? " ok" : " " + BROKEN);
    }

    private Findings row(String label, String unit, String verdict, double... values) {
        List<String> cells = new ArrayList<>();
        cells.add(unit.isEmpty() ? label : label + ", " + unit);
        for (double value : values) {
            cells.add(number(value));
        }
        cells.add(verdict);
        table.add(cells);
        return this;
    }

    /** Three digits at least, none that say nothing. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "";
        }
        String format = value == Math.rint(value) || Math.abs(value) >= 100
                ? "%,.0f"
                : Math.abs(value) >= 10 ? "%,.1f" : Math.abs(value) >= 1 ? "%,.2f" : "%,.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
