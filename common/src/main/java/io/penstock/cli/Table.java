package io.penstock.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Columns as wide as what is in them: text to the left, numbers to the right. */
public final class Table {
    private static final String GAP = "  ";

    /** Controls of ASCII and of ISO 8859 (C1 has an escape of its own), formats such as overrides of direction, line ends. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private final List<String[]> rows = new ArrayList<>();
    private final boolean[] right;

    /** @param columns their names; one that begins with {@code >} has numbers */
    public Table(String... columns) {
        right = new boolean[columns.length];
        String[] head = new String[columns.length];
        for (int i = 0; i < columns.length; i++) {
            right[i] = columns[i].startsWith(">");
            head[i] = right[i] ? columns[i].substring(1) : columns[i];
        }
        rows.add(head);
    }

    public void row(Object... cells) {
        String[] row = new String[right.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = printable(cells[i].toString());
        }
        rows.add(row);
    }

    public boolean isEmpty() {
        return rows.size() == 1;
    }

    public void print(PrintWriter out, String indent) {
        int[] widths = new int[right.length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i < row.length; i++) {
                String padding = " ".repeat(widths[i] - row[i].length());
                line.append(right[i] ? padding + row[i] : row[i] + padding).append(GAP);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    /** What came over the wire must not steer the terminal, nor turn the direction of what follows. */
    public static String printable(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }
}
