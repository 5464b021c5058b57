package io.penstock.forwarder.client.top;

import java.util.Comparator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jline.utils.AttributedStyle;

/**
 * One column of a {@link Grid}.
 *
 * @param right numbers
 * @param rank 0 stays on the narrowest screen; the highest goes first
 * @param minWidth so that columns do not move with every figure
 * @param order of rows by this column, or null
 * @param descending whether that order has the large on top
 */
record Column<R>(
        String title,
        boolean right,
        int rank,
        int minWidth,
        Function<R, Cell> cell,
        Comparator<R> order,
        boolean descending) {

    /** What stands in one row of it. */
    record Cell(String text, AttributedStyle style) {}

    static <R> Column<R> text(String title, int rank, int minWidth, Function<R, Cell> cell) {
        Comparator<R> order = Comparator.comparing(row -> cell.apply(row).text());
        return new Column<>(title, false, rank, minWidth, cell, order, false);
    }

    /** @param value orders the rows, the largest first; NaN last */
    static <R> Column<R> number(
            String title, int rank, int minWidth, ToDoubleFunction<R> value, Function<R, Cell> cell) {
        Comparator<R> order = Comparator.comparingDouble(row -> {
            double number = value.applyAsDouble(row);
            return Double.isNaN(number) ? Double.NEGATIVE_INFINITY : number;
        });
        return new Column<>(title, true, rank, minWidth, cell, order.reversed(), true);
    }
}
