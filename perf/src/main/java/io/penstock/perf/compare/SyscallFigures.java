package io.penstock.perf.compare;

/**
 * Of a run of its own, per unit of work.
 *
 * @param splices of all calls
 */
record SyscallFigures(double calls, double splices) {
    /** Not counted. */
    static final SyscallFigures NONE = new SyscallFigures(Double.NaN, Double.NaN);
}
