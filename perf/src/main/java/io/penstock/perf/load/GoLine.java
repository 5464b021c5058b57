package io.penstock.perf.load;

/** What a line of input asks for: {@code go}, or {@code go RATE} for another rate than that of the command line. */
final class GoLine {
    static final double RATE_MAX = 1_000_000;

    private static final String GO = "go";

    private GoLine() {}

    /** The plan of the run; fails with LoadException when the line is none of the two. */
    static RunPlan parse(String line, WorkloadKind kind, RunPlan plan) {
        if (line.equals(GO)) {
            return plan;
        }
        if (!line.startsWith(GO + " ")) {
            throw new LoadException("neither go, go RATE nor quit: '" + line + "'");
        }
        double rate = rate(line.substring(GO.length()).trim());
        if (!isRate(rate, kind)) {
            throw new LoadException("no rate of " + kind + ": '" + line + "'");
        }
        return plan.withRate(rate);
    }

    /** Whether the workload can run at it. */
    static boolean isRate(double rate, WorkloadKind kind) {
        boolean closed = rate == 0 && kind.canDoWithoutRate();
        boolean open = rate > 0 && rate <= RATE_MAX && kind.hasRate();
        return closed || open;
    }

    /** NaN, which is never a rate, when it is not a number. */
    private static double rate(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
