package io.penstock.perf;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/**
 * What a measuring command found: rows that are printed for people, written as JSON for programs, and that decide the
 * exit code. NOT thread safe.
 */
public final class Figures {
    /**
     * One promise or one plain figure; {@code goal} is empty and {@code ok} true for a plain figure.
     *
     * @param value not a number when it could not be measured, which keeps no promise
     */
    public record Row(String name, double value, String unit, String goal, boolean ok) {
        /** The value for people. */
        public String text() {
            return Double.isNaN(value) ? "not measurable" : number(value);
        }
    }

    private final List<Row> rows = new ArrayList<>();

    /** A figure nothing is promised about. */
    public Figures report(String name, double value, String unit) {
        rows.add(new Row(name, value, unit, "", true));
        return this;
    }

    public Figures atMost(String name, double value, String unit, double limit) {
        rows.add(new Row(name, value, unit, "<= " + number(limit), value <= limit));
        return this;
    }

    public Figures atLeast(String name, double value, String unit, double limit) {
        rows.add(new Row(name, value, unit, ">= " + number(limit), value >= limit));
        return this;
    }

    public Figures exactly(String name, double value, String unit, double wanted) {
        rows.add(new Row(name, value, unit, "= " + number(wanted), value == wanted));
        return this;
    }

    /** All of another's, after those that are here. */
    public Figures addAll(Figures others) {
        rows.addAll(others.rows);
        return this;
    }

    public List<Row> rows() {
        return List.copyOf(rows);
    }

    public boolean allOk() {
        return rows.stream().allMatch(Row::ok);
    }

    /** 0 when every promise held, else 1. */
    public int exitCode() {
        return allOk() ? 0 : 1;
    }

    public void print(PrintStream out, Ansi ansi) {
        int nameWidth = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        int unitWidth = rows.stream().mapToInt(row -> row.unit().length()).max().orElse(0);
        for (Row row : rows) {
            String verdict = row.goal().isEmpty() ? "" : row.ok() ? "@|green ok|@" : "@|bold,red BROKEN|@";
            String line = String.format(
                    "  %-" + nameWidth + "s %14s %-" + Math.max(1, unitWidth) + "s  %-12s %s",
                    row.name(),
                    row.text(),
                    row.unit(),
                    row.goal(),
                    ansi.string(verdict));
            out.println(line.stripTrailing());
        }
    }

    /** Writes {@code [{"name","value","unit","goal","ok"}, …]}, with null for what could not be measured. */
    public void writeJson(Path file) throws IOException {
        try (JsonGenerator json =
                new JsonFactory().createGenerator(Files.newOutputStream(file)).useDefaultPrettyPrinter()) {
            json.writeStartArray();
            for (Row row : rows) {
                json.writeStartObject();
                json.writeStringField("name", row.name());
                if (Double.isNaN(row.value())) {
                    json.writeNullField("value");
                } else {
                    json.writeNumberField("value", row.value());
                }
                json.writeStringField("unit", row.unit());
                json.writeStringField("goal", row.goal());
                json.writeBooleanField("ok", row.ok());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.format(Locale.ROOT, "%,d", (long) value)
                : String.format(Locale.ROOT, "%,.3f", value);
    }
}
