package io.penstock.perf.udp;

/**
 * How long everything takes.
 *
 * @param shapeWarmUpMs of each contestant in each shape, before the first round: a JVM's compilers are done by then
 * @param warmUpMs before each measurement
 */
record Lengths(int rounds, int shapeWarmUpMs, int warmUpMs, int measureMs) {
    static final Lengths FULL = new Lengths(5, 1_500, 150, 850);
    static final Lengths QUICK = new Lengths(2, 700, 50, 300);
}
