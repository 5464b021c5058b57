package io.penstock.forwarder.client.top;

import io.penstock.forwarder.client.top.Column.Cell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Rows under titles. On a narrow screen the columns that matter least are left out. */
final class Grid<R> {
    private static final int GAP = 2;

    private final List<Column<R>> columns;
    private final Palette palette;

    Grid(Palette palette, List<Column<R>> columns) {
        this.palette = palette;
        this.columns = columns;
    }

    /** Which column orders the rows, if it has one of this title. */
    Optional<Column<R>> column(String title) {
        return columns.stream().filter(column -> column.title().equals(title)).findFirst();
    }

    /** Rows in the order of a column; equal ones stay as they are. */
    List<R> ordered(List<R> rows, String title, boolean reversed) {
        Comparator<R> order = column(title).map(Column::order).orElse(null);
        if (order == null) {
            return rows;
        }
        List<R> ordered = new ArrayList<>(rows);
        ordered.sort(reversed ? order.reversed() : order);
        return ordered;
    }

    /**
     * A line of titles and one for each row that is shown.
     *
     * @param rows all of them, by which widths go
     * @param from the first that is shown, to before the row {@code to}
     * @param orderedBy title of a column, or empty
     */
    List<AttributedString> lines(List<R> rows, int from, int to, int width, String orderedBy, boolean reversed) {
        List<List<Cell>> cells = new ArrayList<>();
        for (R row : rows) {
            cells.add(columns.stream().map(column -> column.cell().apply(row)).toList());
        }
        int[] widths = widths(cells);
        boolean[] shown = shown(widths, width);
        List<AttributedString> lines = new ArrayList<>();
        lines.add(line(titles(orderedBy, reversed), widths, shown, width, palette.title()));
        for (int i = from; i < to; i++) {
            lines.add(line(cells.get(i), widths, shown, width, palette.plain()));
        }
        return lines;
    }

    private List<Cell> titles(String orderedBy, boolean reversed) {
        return columns.stream()
                .map(column -> new Cell(
                        column.title().equals(orderedBy)
                                ? column.title() + palette.orderMark(column.descending() != reversed)
                                : column.title(),
                        palette.title()))
                .toList();
    }

    private int[] widths(List<List<Cell>> rows) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            // One more than the title, for the mark of the order.
            widths[i] =
                    Math.max(columns.get(i).minWidth(), columns.get(i).title().length() + 1);
            for (List<Cell> row : rows) {
                widths[i] = Math.max(widths[i], new AttributedString(row.get(i).text()).columnLength());
            }
        }
        return widths;
    }

    private boolean[] shown(int[] widths, int width) {
        boolean[] shown = new boolean[widths.length];
        int total = -GAP;
        for (int i = 0; i < widths.length; i++) {
            shown[i] = true;
            total += widths[i] + GAP;
        }
        while (total > width) {
            int least = -1;
            for (int i = 0; i < widths.length; i++) {
                int rank = columns.get(i).rank();
                if (shown[i]
                        && rank > 0
                        && (least < 0 || rank > columns.get(least).rank())) {
                    least = i;
                }
            }
            if (least < 0) {
                return shown;
            }
            shown[least] = false;
            total -= widths[least] + GAP;
        }
        return shown;
    }

    private AttributedString line(List<Cell> cells, int[] widths, boolean[] shown, int width, AttributedStyle between) {
        AttributedStringBuilder line = new AttributedStringBuilder();
        for (int i = 0; i < widths.length; i++) {
            if (shown[i]) {
                if (line.columnLength() > 0) {
                    line.styled(between, " ".repeat(GAP));
                }
                AttributedString text =
                        new AttributedString(cells.get(i).text(), cells.get(i).style());
                String padding = " ".repeat(widths[i] - text.columnLength());
                if (columns.get(i).right()) {
                    line.styled(between, padding).append(text);
                } else {
                    line.append(text).styled(between, padding);
                }
            }
        }
        if (between.equals(palette.title())) {
            line.styled(between, " ".repeat(Math.max(0, width - line.columnLength())));
        }
        return line.columnSubSequence(0, width);
    }
}
