/**
 * {@code perf/compare xdp}: what the program that forwards packets costs by itself, and what a request costs the whole machine through it and through
 * others. May depend on the forwarder's binding of BPF, which runs the program on packets of its own.
 */
package io.penstock.perf.xdp;
