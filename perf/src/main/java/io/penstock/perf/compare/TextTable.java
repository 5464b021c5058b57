package io.penstock.perf.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of cells, for a terminal or as Markdown. The first columns are aligned to the left, the others to the right. */
public final class TextTable {
    private static final String GAP = "  ";

    private final int left;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param left how many columns are aligned to the left */
    public TextTable(int left, List<String> header) {
        this.left = left;
        rows.add(List.copyOf(header));
    }

    public void add(List<String> row) {
        if (row.size() != rows.get(0).size()) {
            throw new IllegalArgumentException("not as wide as the header: " + row);
        }
        rows.add(List.copyOf(row));
    }

    /** The header and a line per row. */
    public List<String> text() {
        return rows.stream()
                .map(row -> IntStream.range(0, row.size())
                        .mapToObj(column -> GAP + padded(row.get(column), column))
                        .collect(Collectors.joining())
                        .stripTrailing())
                .toList();
    }

    public List<String> markdown() {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add(row.stream().collect(Collectors.joining(" | ", "| ", " |")));
        }
        lines.add(1, "|" + "---|".repeat(left) + "--:|".repeat(rows.get(0).size() - left));
        return lines;
    }

    private String padded(String cell, int column) {
        int width =
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
        String blanks = " ".repeat(width - cell.length());
        return column < left ? cell + blanks : blanks + cell;
    }
}
