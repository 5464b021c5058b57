/**
 * {@code perf/compare}: the forwarder beside its peers and beside no proxy at all, under one workload after the other.
 *
 * <p>A {@link io.penstock.perf.compare.Workload} is what is asked; a {@link io.penstock.perf.compare.Contestant} who is
 * asked; a {@link io.penstock.perf.compare.Bench} is one contestant set up for one workload, with the {@link
 * io.penstock.perf.compare.Load} that drives it; {@link io.penstock.perf.compare.WorkloadRun} measures the benches in
 * interleaved rounds; {@link io.penstock.perf.compare.Promises} holds the results against the goals.
 */
package io.penstock.perf.compare;
