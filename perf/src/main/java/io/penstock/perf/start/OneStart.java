package io.penstock.perf.start;

/**
 * What one start took.
 *
 * @param servedMs from the exec of the launcher to the first byte back through the forwarder
 * @param cpuMs user and system time of all its threads until then, compilers included
 * @param restMib resident when it has warmed up and nobody speaks with it
 */
record OneStart(double servedMs, double cpuMs, double restMib) {}
